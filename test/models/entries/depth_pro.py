"""A tiny Depth Pro: patches of a picture at three scales, merged and fused into depth."""
# modules: transformers.models.depth_pro.* transformers.models.dinov2.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import DepthProConfig, DepthProForDepthEstimation

tower = dict(model_type="dinov2", hidden_size=32, num_hidden_layers=4, num_attention_heads=4, mlp_ratio=2, patch_size=4, image_size=16)
config = DepthProConfig(
    patch_size=16, fusion_hidden_size=16, intermediate_hook_ids=[3, 1], intermediate_feature_dims=[16, 16], scaled_images_ratios=[0.25, 0.5, 1.0],
    scaled_images_overlap_ratios=[0.0, 0.5, 0.25], scaled_images_feature_dims=[32, 32, 16], merge_padding_value=1, use_fov_model=True,
    num_fov_head_layers=2, image_model_config=tower, patch_model_config=tower, fov_model_config=tower,
)
model = DepthProForDepthEstimation(config).eval()
with torch.no_grad():
    out = model(pixel_values=torch.randn(2, 3, 64, 64))
print(out.predicted_depth.shape, out.field_of_view.shape)
