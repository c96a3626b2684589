"""A tiny Qwen3: normalised queries and keys."""
# modules: transformers.models.qwen3.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Qwen3Config, Qwen3ForCausalLM

config = Qwen3Config(vocab_size=99, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, head_dim=8)
model = Qwen3ForCausalLM(config).eval()
with torch.no_grad():
    out = model(torch.randint(0, 99, (2, 7)))
    print(out.logits.shape)
