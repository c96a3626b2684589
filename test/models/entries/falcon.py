"""A tiny Falcon: one key and value head for all queries."""
# modules: transformers.models.falcon.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import FalconConfig, FalconForCausalLM

config = FalconConfig(vocab_size=99, hidden_size=32, num_hidden_layers=2, num_attention_heads=4)
model = FalconForCausalLM(config).eval()
with torch.no_grad():
    out = model(torch.randint(0, 99, (2, 7)))
    print(out.logits.shape)
