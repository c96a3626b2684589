"""A tiny MiniCPM3: latent attention with low ranks, decoding with a cache."""
# modules: transformers.models.minicpm3.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import MiniCPM3Config, MiniCPM3ForCausalLM

config = MiniCPM3Config(
    vocab_size=99, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=4,
    q_lora_rank=16, kv_lora_rank=12, qk_nope_head_dim=8, qk_rope_head_dim=4, v_head_dim=8,
)
model = MiniCPM3ForCausalLM(config).eval()
with torch.no_grad():
    out = model(torch.randint(0, 99, (2, 7)), use_cache=True)
    step = model(out.logits[:, -1:].argmax(-1), past_key_values=out.past_key_values)
    print(step.logits.shape)
