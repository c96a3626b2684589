"""NaFlexViT of timm: patches of images of any size, with masks."""
# modules: timm.models.naflexvit timm.layers.*

import timm
import torch
from timm.models.naflexvit import NaFlexVit, NaFlexVitCfg

cfg = NaFlexVitCfg(patch_size=8, embed_dim=32, depth=2, num_heads=4, mlp_ratio=2.0, global_pool="avg", pos_embed_grid_size=(4, 4))
model = NaFlexVit(cfg, num_classes=5).eval()
with torch.no_grad():
    plain = model(torch.randn(2, 3, 32, 32))
    patches = torch.randn(2, 12, 8 * 8 * 3)
    y, x = torch.meshgrid(torch.arange(3), torch.arange(4), indexing="ij")
    coord = torch.stack([y.flatten(), x.flatten()], dim=-1).expand(2, -1, -1)
    valid = torch.ones(2, 12, dtype=torch.bool)
    valid[1, 9:] = False
    flexible = model({"patches": patches, "patch_coord": coord, "patch_valid": valid})
print(plain.shape, flexible.shape)
