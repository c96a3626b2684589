"""The encoders of SAM in timm: HieraDet of SAM 2 with pooled queries, a ViT with windows and relative positions."""
# modules: timm.models.hieradet_sam2 timm.models.vision_transformer_sam timm.layers.*

import torch
from timm.models.hieradet_sam2 import HieraDet
from timm.models.vision_transformer_sam import VisionTransformerSAM

x = torch.randn(2, 3, 64, 64)
hiera = HieraDet(
    num_classes=5, embed_dim=16, num_heads=1, stages=(1, 2, 2, 1), window_spec=(4, 4, 3, 2), global_att_blocks=(2, 4), init_values=1e-3
).eval()
sam = VisionTransformerSAM(
    img_size=64, patch_size=8, embed_dim=32, depth=2, num_heads=2, num_classes=5, use_rel_pos=True, window_size=3, global_attn_indexes=(1,), neck_chans=24
).eval()
with torch.no_grad():
    taps = hiera.forward_intermediates(x, indices=3, intermediates_only=True)
    print(hiera(x).shape, [t.shape for t in taps], sam(x).shape, sam.forward_features(x).shape)
