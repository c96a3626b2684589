"""Several models of vit-pytorch: CvT, Twins, CrossFormer, MobileViT, ViT with its tokens taken out by a hook."""
# modules: vit_pytorch.*

import torch
from vit_pytorch import ViT
from vit_pytorch.crossformer import CrossFormer
from vit_pytorch.cvt import CvT
from vit_pytorch.extractor import Extractor
from vit_pytorch.mobile_vit import MobileViT
from vit_pytorch.twins_svt import TwinsSVT

images = torch.randn(1, 3, 64, 64)

cvt = CvT(
    num_classes=5, s1_emb_dim=16, s1_heads=1, s1_depth=1, s2_emb_dim=24, s2_heads=2, s2_depth=1, s3_emb_dim=32, s3_heads=2, s3_depth=1
)
print(cvt(images).shape)
twins = TwinsSVT(
    num_classes=5, s1_emb_dim=16, s1_local_patch_size=4, s1_global_k=4, s2_emb_dim=16, s2_local_patch_size=4, s2_global_k=4,
    s3_emb_dim=16, s3_local_patch_size=2, s3_global_k=2, s4_emb_dim=16, s4_local_patch_size=1, s4_global_k=1, s3_depth=1,
)
print(twins(images).shape)
cross = CrossFormer(num_classes=5, dim=(32, 64, 64, 128), depth=(1, 1, 1, 1), global_window_size=(4, 2, 2, 1), local_window_size=2)
print(cross(images).shape)
mobile = MobileViT(image_size=(64, 64), dims=[16, 24, 32], channels=[8, 8, 16, 16, 16, 16, 24, 24, 32, 32, 48], num_classes=5)
print(mobile(images).shape)
vit = ViT(image_size=64, patch_size=16, num_classes=5, dim=32, depth=1, heads=2, mlp_dim=48)
logits, tokens = Extractor(vit)(images)
print(logits.shape, tokens.shape)
