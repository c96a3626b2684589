"""A tiny MaxViT of timm: windows and grids."""
# modules: timm.models.maxxvit timm.layers.*

import torch
from timm.models.maxxvit import MaxxVit, MaxxVitCfg, MaxxVitConvCfg, MaxxVitTransformerCfg

config = MaxxVitCfg(
    embed_dim=(16, 32),
    depths=(1, 1),
    block_type=("M", "M"),
    stem_width=8,
    transformer_cfg=MaxxVitTransformerCfg(dim_head=8, window_size=(4, 4), grid_size=(4, 4)),
)
model = MaxxVit(config, img_size=32, num_classes=5).eval()
with torch.no_grad():
    out = model(torch.randn(2, 3, 32, 32))
print(out.shape)
