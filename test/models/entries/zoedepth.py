"""A tiny ZoeDepth on a BEiT: metric depth by bins."""
# modules: transformers.models.zoedepth.* transformers.models.beit.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import BeitConfig, ZoeDepthConfig, ZoeDepthForDepthEstimation

backbone = BeitConfig(
    image_size=32,
    patch_size=8,
    hidden_size=32,
    num_hidden_layers=4,
    num_attention_heads=4,
    intermediate_size=48,
    out_features=["stage1", "stage2", "stage3", "stage4"],
    reshape_hidden_states=False,
    use_relative_position_bias=True,
)
config = ZoeDepthConfig(
    backbone_config=backbone,
    neck_hidden_sizes=[8, 8, 16, 16],
    fusion_hidden_size=16,
    bottleneck_features=16,
    num_relative_features=8,
    bin_embedding_dim=8,
    num_attractors=[4, 2, 2, 1],
    bin_configurations=[{"n_bins": 8, "min_depth": 0.001, "max_depth": 10.0, "name": "nyu"}],
)
model = ZoeDepthForDepthEstimation(config).eval()
with torch.no_grad():
    depth = model(pixel_values=torch.randn(2, 3, 32, 32)).predicted_depth
large = torch.nn.functional.interpolate(depth.unsqueeze(1), size=(48, 48), mode="bicubic", align_corners=False)
print(depth.shape, large.squeeze(1).shape)
