"""GhostNet v2 of timm, and MetaFormer: cheap channels, attention over a small map."""
# modules: timm.models.ghostnet timm.models.metaformer timm.layers.*

import timm
import torch
from timm.models.metaformer import MetaFormer

x = torch.randn(2, 3, 64, 64)
ghost = timm.create_model("ghostnetv2_100", num_classes=5).eval()
former = MetaFormer(depths=(1, 1, 1, 1), dims=(8, 16, 24, 32), num_classes=5).eval()
with torch.no_grad():
    print(ghost(x).shape, former(x).shape)
