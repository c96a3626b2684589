"""NASNet of timm, with cells that join what the two before them made."""
# modules: timm.models.nasnet timm.layers.*

import torch
from timm.models.nasnet import NASNetALarge

model = NASNetALarge(num_classes=5, stem_size=12, channel_multiplier=2, num_features=192).eval()
with torch.no_grad():
    x = torch.randn(1, 3, 96, 96)
    features = model.forward_features(x)
    print(features.shape, model.forward_head(features, pre_logits=True).shape, model(x).shape)
