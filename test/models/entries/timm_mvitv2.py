"""A tiny MViTv2 of timm: pooled keys and values, decomposed relative positions."""
# modules: timm.models.mvitv2

import torch
from timm.models.mvitv2 import MultiScaleVit, MultiScaleVitCfg

cfg = MultiScaleVitCfg(depths=(1, 1, 2, 1), embed_dim=16, num_heads=1)
model = MultiScaleVit(cfg, img_size=(64, 64), num_classes=5)
model.eval()
out = model(torch.randn(2, 3, 64, 64))
taps = model.forward_intermediates(torch.randn(1, 3, 64, 64), indices=2, intermediates_only=True)
print(out.shape, len(taps), taps[0].shape)
