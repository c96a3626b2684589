"""A tiny Jamba: Mamba, attention and experts by turns."""
# modules: transformers.models.jamba.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import JambaConfig, JambaForCausalLM

config = JambaConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=4,
    num_attention_heads=4,
    num_key_value_heads=2,
    num_experts=4,
    expert_layer_period=2,
    expert_layer_offset=1,
    attn_layer_period=4,
    attn_layer_offset=2,
    mamba_d_state=8,
    mamba_dt_rank=4,
    use_mamba_kernels=False,
)
model = JambaForCausalLM(config).eval()
with torch.no_grad():
    out = model(input_ids=torch.randint(0, 99, (2, 6)), use_cache=True)
    print(out.logits.shape)
