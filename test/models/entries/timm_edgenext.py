"""EdgeNeXt of timm: convolutions split by channels, attention across channels."""
# modules: timm.models.edgenext timm.layers.*

import timm
import torch

model = timm.create_model("edgenext_xx_small", dims=(8, 16, 24, 32), depths=(1, 1, 2, 1), heads=(2, 2, 2, 2), num_classes=5).eval()
with torch.no_grad():
    features = model.forward_features(torch.randn(2, 3, 64, 64))
    out = model.forward_head(features)
print(features.shape, out.shape)
