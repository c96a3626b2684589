"""HRNet of timm in training: maps of several sizes that are fused, and a pyramid of features."""
# modules: timm.models.hrnet timm.models.resnet timm.models._features timm.layers.*

import timm
import torch

model = timm.create_model("hrnet_w18_small", features_only=True, out_indices=(1, 2, 3))
maps = model(torch.randn(2, 3, 64, 64))
for level, m in enumerate(maps):
    print(level, m.shape, model.feature_info.channels()[level])
loss = torch.stack([m.mean() for m in maps]).sum()
loss.backward()
