"""A tiny EfficientLoFTR: two pictures matched, coarse to fine."""
# modules: transformers.models.efficientloftr.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import EfficientLoFTRConfig, EfficientLoFTRModel

config = EfficientLoFTRConfig(
    stage_num_blocks=[1, 1, 1, 1], out_features=[8, 8, 16, 64], stage_stride=[2, 1, 2, 2], hidden_size=64,
    num_attention_layers=1, num_attention_heads=8,
)
model = EfficientLoFTRModel(config).eval()
with torch.no_grad():
    out = model(torch.randn(1, 2, 3, 96, 128))
    print([f.shape for f in out.feature_maps])
