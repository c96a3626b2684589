"""A tiny ConvNeXt of timm."""
# modules: timm.models.convnext timm.layers.*

import torch
from timm.models.convnext import ConvNeXt

model = ConvNeXt(depths=(1, 1, 1, 1), dims=(8, 16, 24, 32), num_classes=5).eval()
with torch.no_grad():
    out = model(torch.randn(2, 3, 64, 64))
print(out.shape)
