"""A tiny CaiT of timm: talking heads, then attention of the class token."""
# modules: timm.models.cait timm.layers.*

import torch
from timm.models.cait import Cait

model = Cait(img_size=32, patch_size=8, embed_dim=32, depth=2, num_heads=4, num_classes=5).eval()
with torch.no_grad():
    out = model(torch.randn(2, 3, 32, 32))
print(out.shape)
