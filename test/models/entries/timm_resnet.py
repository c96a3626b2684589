"""A small residual network of timm."""
# modules: timm.models.resnet timm.layers.*

import torch
from timm.models.resnet import BasicBlock, ResNet

model = ResNet(block=BasicBlock, layers=(1, 1, 1, 1), channels=(8, 16, 24, 32), stem_width=8, num_classes=5).eval()
with torch.no_grad():
    out = model(torch.randn(2, 3, 64, 64))
print(out.shape)
