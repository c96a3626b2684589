"""A tiny PoolFormer: pooling in the place of attention."""
# modules: transformers.models.poolformer.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import PoolFormerConfig, PoolFormerForImageClassification

config = PoolFormerConfig(depths=[1, 1, 1, 1], hidden_sizes=[8, 16, 16, 32], num_labels=5)
model = PoolFormerForImageClassification(config).eval()
with torch.no_grad():
    out = model(torch.randn(2, 3, 64, 64))
    print(out.logits.shape)
