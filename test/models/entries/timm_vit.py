"""A tiny vision transformer of timm."""
# modules: timm.models.vision_transformer timm.layers.*

import torch
from timm.models.vision_transformer import VisionTransformer

model = VisionTransformer(img_size=32, patch_size=8, embed_dim=32, depth=2, num_heads=4, num_classes=5).eval()
with torch.no_grad():
    out = model(torch.randn(2, 3, 32, 32))
print(out.shape)
