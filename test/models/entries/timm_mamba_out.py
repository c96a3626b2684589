"""MambaOut, Sequencer and GCNet's kin of timm: mixing without attention."""
# modules: timm.models.mambaout timm.models.sequencer timm.models.efficientvit_mit timm.layers.*

import torch
from timm.models.efficientvit_mit import EfficientVit
from timm.models.mambaout import MambaOut
from timm.models.sequencer import Sequencer2d

x = torch.randn(2, 3, 64, 64)
mamba = MambaOut(depths=(1, 1, 1, 1), dims=(8, 16, 24, 32), num_classes=5)
sequencer = Sequencer2d(img_size=64, patch_sizes=(8, 2, 2, 1), layers=(1, 1, 1, 1), embed_dims=(16, 24, 24, 24), hidden_sizes=(4, 6, 6, 6), num_classes=5)
linear = EfficientVit(widths=(8, 16, 24, 32, 48), depths=(1, 1, 1, 1, 1), head_dim=8, head_widths=(32, 40), num_classes=5)
for model in (mamba, sequencer, linear):
    out = model.eval()(x)
    print(out.shape)
