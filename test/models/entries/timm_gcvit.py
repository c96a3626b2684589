"""GCViT of timm: windows that attend to queries of the whole image."""
# modules: timm.models.gcvit timm.layers.*

import torch
from timm.models.gcvit import GlobalContextVit

model = GlobalContextVit(
    img_size=64, window_ratio=(32, 32, 16, 32), embed_dim=16, depths=(1, 1, 2, 1), num_heads=(2, 2, 2, 2), num_classes=5
)
model.eval()
with torch.inference_mode():
    print(model(torch.randn(2, 3, 64, 64)).shape)
