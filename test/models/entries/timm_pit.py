"""PiT, distilled, and EfficientFormer v2 of timm, with features of a pyramid."""
# modules: timm.models.pit timm.models.efficientformer_v2 timm.models._features timm.layers.*

import timm
import torch
from timm.models.pit import PoolingVisionTransformer

pit = PoolingVisionTransformer(img_size=64, patch_size=8, stride=4, base_dims=(8, 8, 8), depth=(1, 1, 1), heads=(2, 4, 4), num_classes=5, distilled=True)
pit.train()
pit.set_distilled_training(True)
label, teacher = pit(torch.randn(2, 3, 64, 64))
pit.eval()
former = timm.create_model("efficientformerv2_s0", img_size=64, num_classes=5).eval()
pyramid = timm.create_model("pit_ti_224", features_only=True, img_size=96).eval()
with torch.inference_mode():
    print(label.shape, teacher.shape, pit(torch.randn(1, 3, 64, 64)).shape, former(torch.randn(1, 3, 64, 64)).shape)
    print([(f.shape, r) for f, r in zip(pyramid(torch.randn(1, 3, 96, 96)), pyramid.feature_info.reduction())])
