"""A tiny Zamba 2: Mamba 2 layers and one attention block that they share."""
# modules: transformers.models.zamba2.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Zamba2Config, Zamba2ForCausalLM

config = Zamba2Config(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=4,
    layers_block_type=["mamba", "hybrid", "mamba", "hybrid"],
    num_attention_heads=4,
    num_key_value_heads=4,
    mamba_d_state=8,
    mamba_ngroups=2,
    n_mamba_heads=8,
    chunk_size=4,
    adapter_rank=4,
    use_mem_rope=True,
    use_shared_attention_adapter=True,
    max_position_embeddings=64,
)
model = Zamba2ForCausalLM(config).eval()
input_ids = torch.randint(3, 99, (2, 9))
mask = torch.ones_like(input_ids)
mask[0, :3] = 0
with torch.no_grad():
    out = model(input_ids=input_ids, attention_mask=mask, labels=input_ids, use_cache=False)
    print(out.loss, out.logits.shape)
    text = model.generate(input_ids, attention_mask=mask, max_new_tokens=3, do_sample=False)
    print(text.shape)
