"""HGNet v2 and PP-LCNet v2 of timm: taps of every stage, heads that are made anew."""
# modules: timm.models.hgnet timm.models.lcnetv2 timm.models._features timm.layers.*

import timm
import torch

images = torch.randn(2, 3, 64, 64)
hg = timm.create_model("hgnetv2_b0", num_classes=7)
hg.train()
loss = hg(images).square().mean()
loss.backward()
hg.reset_classifier(3)
hg.eval()
light = timm.create_model("lcnetv2_small", num_classes=7).eval()
pyramid = timm.create_model("hgnetv2_b0", features_only=True, out_indices=(1, 3)).eval()
with torch.inference_mode():
    print(hg(images).shape, light(images).shape, [f.shape for f in pyramid(images)], pyramid.feature_info.channels())
