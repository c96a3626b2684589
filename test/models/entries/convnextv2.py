"""A tiny ConvNeXt V2: global response normalisation."""
# modules: transformers.models.convnextv2.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import ConvNextV2Config, ConvNextV2ForImageClassification

config = ConvNextV2Config(depths=[1, 1, 1, 1], hidden_sizes=[8, 16, 16, 32], num_labels=5)
model = ConvNextV2ForImageClassification(config).eval()
with torch.no_grad():
    out = model(torch.randn(2, 3, 64, 64), labels=torch.tensor([1, 2]))
    print(out.loss, out.logits.shape)
