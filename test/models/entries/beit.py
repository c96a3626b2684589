"""A tiny BEiT: relative positions between patches."""
# modules: transformers.models.beit.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import BeitConfig, BeitModel

config = BeitConfig(
    hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, image_size=32, patch_size=8,
    use_relative_position_bias=True,
)
model = BeitModel(config).eval()
with torch.no_grad():
    out = model(torch.randn(2, 3, 32, 32))
    print(out.last_hidden_state.shape, out.pooler_output.shape)
