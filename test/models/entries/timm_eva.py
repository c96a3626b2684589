"""A tiny EVA-02 of timm: rotated positions, a gated MLP, layers named by the reader."""
# modules: timm.models.eva timm.layers.*

import torch
from timm.models.eva import Eva

model = Eva(
    img_size=32,
    patch_size=8,
    embed_dim=32,
    depth=3,
    num_heads=4,
    mlp_ratio=8 / 3,
    swiglu_mlp=True,
    scale_mlp=True,
    use_rot_pos_emb=True,
    ref_feat_shape=(4, 4),
    dynamic_img_size=True,
    num_classes=5,
).eval()
with torch.no_grad():
    logits = model(torch.randn(2, 3, 32, 48))
    last, middle = model.forward_intermediates(torch.randn(2, 3, 32, 32), indices=[0, 2], output_fmt="NCHW")
print(logits.shape, last.shape, [m.shape for m in middle])
