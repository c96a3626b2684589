"""A tiny XCiT of timm: attention over channels."""
# modules: timm.models.xcit timm.layers.*

import torch
from timm.models.xcit import Xcit

model = Xcit(img_size=32, patch_size=8, embed_dim=32, depth=2, num_heads=4, num_classes=5, cls_attn_layers=1).eval()
with torch.no_grad():
    out = model(torch.randn(2, 3, 32, 32))
print(out.shape)
