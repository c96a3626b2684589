"""Inception v4 and InceptionNeXt of timm: branches of unequal kernels."""
# modules: timm.models.inception_v4 timm.models.inception_next timm.layers.*

import torch
from timm.models.inception_next import InceptionDWConv2d, MetaNeXt
from timm.models.inception_v4 import InceptionV4

v4 = InceptionV4(num_classes=5).eval()
follower = MetaNeXt(num_classes=5, depths=(1, 1, 2, 1), dims=(16, 24, 32, 48), token_mixers=InceptionDWConv2d, mlp_ratios=(4, 4, 4, 3)).eval()
with torch.no_grad():
    x = torch.randn(1, 3, 128, 128)
    print(v4(x).shape, follower(x).shape)
    for index, tap in enumerate(follower.forward_intermediates(x, indices=[0, 2], intermediates_only=True)):
        print(index, tap.shape)
