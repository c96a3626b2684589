"""vit-pytorch with windows and hierarchies: NesT, SepViT, ScalableViT, MaxViT, LookViT, RvT, JumboViT, positions in n dimensions."""
# modules: vit_pytorch.*

import torch
from vit_pytorch.jumbo_vit import JumboViT
from vit_pytorch.look_vit import LookViT
from vit_pytorch.max_vit import MaxViT
from vit_pytorch.nest import NesT
from vit_pytorch.rvt import RvT
from vit_pytorch.scalable_vit import ScalableViT
from vit_pytorch.sep_vit import SepViT
from vit_pytorch.vit_nd_rotary import ViTND

images = torch.randn(2, 3, 64, 64)
print(NesT(image_size=64, patch_size=4, num_classes=5, dim=16, heads=2, num_hierarchies=3, block_repeats=(1, 1, 2), dim_head=8)(images).shape)
print(SepViT(num_classes=5, dim=16, dim_head=8, heads=(1, 2, 4, 4), depth=(1, 1, 2, 1))(torch.randn(1, 3, 224, 224)).shape)
print(
    ScalableViT(
        num_classes=5, dim=16, heads=(2, 2, 2, 2), depth=(1, 1, 1, 1), ssa_dim_key=(8, 8, 8, 8), reduction_factor=(8, 4, 2, 1), window_size=(4, 4, None, None)
    )(images).shape
)
print(MaxViT(num_classes=5, dim_conv_stem=16, dim=16, dim_head=8, depth=(1, 1), window_size=4)(images).shape)
print(LookViT(image_size=64, num_classes=5, dim=32, depth=2, heads=2, dim_head=8, cross_attn_heads=2, cross_attn_dim_head=8, patch_size=16, highres_patch_size=8)(images).shape)
print(RvT(image_size=64, patch_size=8, num_classes=5, dim=32, depth=1, heads=2, mlp_dim=48, dim_head=16)(images).shape)
print(JumboViT(image_size=64, patch_size=16, num_classes=5, dim=32, depth=2, heads=2, mlp_dim=48, dim_head=8, num_jumbo_cls=2, jumbo_cls_k=3)(images).shape)
torch.set_grad_enabled(False)
volume = ViTND(ndim=3, input_shape=(4, 16, 16), patch_size=(2, 4, 4), num_classes=5, dim=32, depth=2, heads=2, dim_head=12, mlp_dim=48)
print(volume(torch.randn(2, 3, 4, 16, 16)).shape)
