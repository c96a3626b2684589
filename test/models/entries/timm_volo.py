"""VOLO of timm: outlook attention, unfolded and folded."""
# modules: timm.models.volo timm.layers.*

import torch
from timm.models.volo import VOLO

model = VOLO(
    layers=[1, 1, 1, 1], img_size=64, stem_hidden_dim=16, embed_dims=(24, 48, 48, 48), num_heads=(2, 4, 4, 4), num_classes=5
)
model.eval()
x = torch.randn(2, 3, 64, 64)
print(model(x).shape)
print(model.forward_head(model.forward_features(x), pre_logits=True).shape)
