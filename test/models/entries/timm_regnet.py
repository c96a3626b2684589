"""Convolutional nets of timm: RegNet, RepViT, MobileOne, VoVNet, with weights that are folded."""
# modules: timm.models.regnet timm.models.repvit timm.models.byobnet timm.models.vovnet timm.layers.*

import timm
import torch

x = torch.randn(1, 3, 64, 64)
for name in ("regnety_002", "repvit_m0_9", "mobileone_s0", "ese_vovnet19b_dw"):
    model = timm.create_model(name, num_classes=4).eval()
    with torch.inference_mode():
        features = model.forward_features(x)
        print(name, features.shape, model.forward_head(features).shape)
