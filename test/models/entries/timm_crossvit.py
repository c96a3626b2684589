"""A tiny CrossViT of timm: two branches of patches of two sizes."""
# modules: timm.models.crossvit timm.layers.*

import timm
import torch

model = timm.create_model(
    "crossvit_tiny_240", img_size=48, img_scale=(1.0, 1.0), patch_size=(12, 16), embed_dim=(16, 24),
    depth=((1, 2, 0), (1, 1, 0)), num_heads=(2, 2), num_classes=5,
).eval()
with torch.no_grad():
    out = model(torch.randn(2, 3, 48, 48))
print(out.shape)
