"""A tiny Depth Anything: depth from the stages of a DINOv2."""
# modules: transformers.models.depth_anything.* transformers.models.dinov2.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import DepthAnythingConfig, DepthAnythingForDepthEstimation, Dinov2Config

backbone = Dinov2Config(
    hidden_size=32,
    num_hidden_layers=4,
    num_attention_heads=4,
    image_size=42,
    patch_size=14,
    out_features=["stage1", "stage2", "stage3", "stage4"],
    apply_layernorm=True,
    reshape_hidden_states=False,
)
config = DepthAnythingConfig(
    backbone_config=backbone,
    patch_size=14,
    reassemble_hidden_size=32,
    neck_hidden_sizes=[8, 12, 16, 16],
    fusion_hidden_size=16,
    head_hidden_size=8,
)
model = DepthAnythingForDepthEstimation(config).eval()
with torch.no_grad():
    out = model(pixel_values=torch.randn(2, 3, 42, 56))
    print(out.predicted_depth.shape)
