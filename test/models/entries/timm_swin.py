"""A tiny Swin transformer of timm."""
# modules: timm.models.swin_transformer timm.layers.*

import torch
from timm.models.swin_transformer import SwinTransformer

model = SwinTransformer(
    img_size=32, patch_size=4, window_size=4, embed_dim=16, depths=(2, 2), num_heads=(2, 4), num_classes=5
).eval()
with torch.no_grad():
    out = model(torch.randn(2, 3, 32, 32))
print(out.shape)
