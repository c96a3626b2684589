"""Swin v2 of timm in its other form, with biases from an MLP, and another size of image set later."""
# modules: timm.models.swin_transformer_v2_cr timm.layers.*

import torch
from timm.models.swin_transformer_v2_cr import SwinTransformerV2Cr

model = SwinTransformerV2Cr(
    img_size=(64, 64), window_size=(4, 4), embed_dim=16, depths=(2, 2), num_heads=(2, 4), num_classes=5, extra_norm_period=2, extra_norm_stage=True
).eval()
with torch.no_grad():
    small = model(torch.randn(1, 3, 64, 64))
    model.set_input_size(img_size=(96, 64), window_size=(4, 4))
    wide = model.forward_features(torch.randn(1, 3, 96, 64))
    taps = model.forward_intermediates(torch.randn(1, 3, 96, 64), indices=(0, 1), intermediates_only=True)
any_size = SwinTransformerV2Cr(
    img_size=(64, 64), window_size=(4, 4), embed_dim=16, depths=(2,), num_heads=(2,), num_classes=5, strict_img_size=False, sequential_attn=True
).eval()
print(small.shape, wide.shape, taps[-1].shape, any_size(torch.randn(1, 3, 48, 80)).shape)
