"""A tiny Hiera of timm: a hierarchy of units, pooled by its queries."""
# modules: timm.models.hiera timm.layers.*

import torch
from timm.models.hiera import Hiera

model = Hiera(
    img_size=64, embed_dim=16, num_heads=1, stages=(1, 2, 1), q_pool=2, mask_unit_size=(4, 4), num_classes=5
).eval()
with torch.no_grad():
    out = model(torch.randn(2, 3, 64, 64))
    features = model.forward_intermediates(torch.randn(2, 3, 64, 64), intermediates_only=True)
print(out.shape, [f.shape for f in features])
