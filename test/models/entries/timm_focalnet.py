"""FocalNet of timm: contexts of several scales, gated."""
# modules: timm.models.focalnet timm.layers.*

import torch
from timm.models.focalnet import FocalNet

model = FocalNet(embed_dim=16, depths=(1, 1, 2, 1), normalize_modulator=True, num_classes=0)
model.reset_classifier(7)
out = model.eval()(torch.randn(1, 3, 64, 64))
print(out.shape)
