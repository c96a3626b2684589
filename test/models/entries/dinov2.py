"""A tiny DINOv2 on an image of another size than it was made for."""
# modules: transformers.models.dinov2.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Dinov2Config, Dinov2Model

config = Dinov2Config(
    image_size=28, patch_size=7, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, mlp_ratio=2
)
model = Dinov2Model(config).eval()
with torch.no_grad():
    out = model(torch.randn(2, 3, 42, 42))
    print(out.last_hidden_state.shape)
