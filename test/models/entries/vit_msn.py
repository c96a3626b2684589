"""A tiny ViT-MSN that classifies images of another size than it was made for."""
# modules: transformers.models.vit_msn.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import ViTMSNConfig, ViTMSNForImageClassification

config = ViTMSNConfig(
    hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, image_size=32, patch_size=8, num_labels=5
)
model = ViTMSNForImageClassification(config).eval()
with torch.no_grad():
    out = model(torch.randn(2, 3, 48, 40), interpolate_pos_encoding=True)
    print(out.logits.shape)
