"""Transformers in transformers of timm: TNT, Twins, NesT."""
# modules: timm.models.tnt timm.models.twins timm.models.nest timm.layers.*

import torch
from timm.models.nest import Nest
from timm.models.tnt import TNT
from timm.models.twins import Twins

x = torch.randn(2, 3, 64, 64)
tnt = TNT(img_size=64, patch_size=16, num_classes=5, embed_dim=32, inner_dim=8, depth=2, num_heads_inner=2, num_heads_outer=4)
twins = Twins(
    img_size=64, num_classes=5, embed_dims=(16, 16, 32, 32), num_heads=(1, 2, 4, 8), mlp_ratios=(2, 2, 2, 2),
    depths=(2, 1, 1, 1), sr_ratios=(8, 4, 2, 1), wss=(4, 4, 4, 2),
)
nest = Nest(img_size=64, patch_size=4, num_levels=3, embed_dims=(8, 16, 32), num_heads=(1, 2, 4), depths=(1, 1, 2), num_classes=5)
for model in (tnt, twins, nest):
    model.eval()
    print(type(model).__name__, model(x).shape)
