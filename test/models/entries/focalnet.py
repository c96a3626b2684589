"""A tiny FocalNet: focal modulation in the place of attention, as a backbone."""
# modules: transformers.models.focalnet.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import FocalNetBackbone, FocalNetConfig

config = FocalNetConfig(
    image_size=64,
    embed_dim=8,
    hidden_sizes=[8, 16, 32],
    depths=[1, 2, 1],
    focal_levels=[2, 2, 2],
    focal_windows=[3, 3, 3],
    out_features=["stage1", "stage2", "stage3"],
)
model = FocalNetBackbone(config).eval()
with torch.no_grad():
    out = model(torch.randn(2, 3, 64, 64))
print([f.shape for f in out.feature_maps], model.channels)
