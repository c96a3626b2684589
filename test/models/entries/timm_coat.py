"""A tiny CoaT of timm: co-scale attention, parallel blocks that exchange maps."""
# modules: timm.models.coat timm.layers.*

import torch
from timm.models.coat import CoaT

model = CoaT(
    img_size=64, patch_size=4, embed_dims=(32, 32, 32, 32), serial_depths=(1, 1, 1, 1), parallel_depth=1, num_heads=8,
    mlp_ratios=(2, 2, 2, 2), num_classes=5,
).eval()
with torch.no_grad():
    out = model(torch.randn(2, 3, 64, 64))
print(out.shape)
