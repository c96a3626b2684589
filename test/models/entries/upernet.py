"""A tiny UPerNet on a ConvNeXt: features of all sizes, for a segmentation."""
# modules: transformers.models.upernet.* transformers.models.convnext.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import ConvNextConfig, UperNetConfig, UperNetForSemanticSegmentation

backbone = ConvNextConfig(hidden_sizes=[8, 12, 16, 24], depths=[1, 1, 1, 1], out_features=["stage1", "stage2", "stage3", "stage4"])
config = UperNetConfig(backbone_config=backbone, hidden_size=16, auxiliary_in_channels=16, auxiliary_channels=8, num_labels=4)
model = UperNetForSemanticSegmentation(config).eval()
with torch.inference_mode():
    logits = model(torch.randn(2, 3, 64, 64)).logits
print(logits.shape, logits.argmax(1).unique().numel() > 0)
