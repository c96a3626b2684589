"""SwiftFormer and iFormer of timm: additive attention, one head that is modulated."""
# modules: timm.models.swiftformer timm.models.iformer timm.layers.*

import torch
from timm.models.iformer import IFormer
from timm.models.swiftformer import SwiftFormer

x = torch.randn(2, 3, 96, 64)
swift = SwiftFormer(layers=[1, 1, 2, 1], embed_dims=[8, 12, 16, 24], num_classes=5)
swift.train()
logits = swift(x)
swift.set_distilled_training(True)
with_teacher = swift(x)
former = IFormer(num_classes=5, dims=(8, 16, 32, 64), depths=(1, 1, 6, 4), attn_groups=(0, 0, 2, 1), distillation=True).eval()
print(logits.shape, len(with_teacher), with_teacher[1].shape, former(x).shape, former.forward_features(x).shape)
