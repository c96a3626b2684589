"""A tiny EfficientNet of timm."""
# modules: timm.models.efficientnet timm.models._efficientnet_blocks timm.models._efficientnet_builder timm.layers.*

import torch
import timm

model = timm.create_model("efficientnet_b0", num_classes=5).eval()
with torch.no_grad():
    out = model(torch.randn(2, 3, 64, 64))
print(out.shape)
