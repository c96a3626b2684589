"""More of vit-pytorch: NaViT-like packing, 3D patches, registers, distillation, LeViT, CrossViT, T2T, XCiT."""
# modules: vit_pytorch.*

import torch
from vit_pytorch.cait import CaiT
from vit_pytorch.cct import CCT
from vit_pytorch.cross_vit import CrossViT
from vit_pytorch.distill import DistillableViT, DistillWrapper
from vit_pytorch.na_vit import NaViT
from vit_pytorch.regionvit import RegionViT
from vit_pytorch.simple_vit_with_register_tokens import SimpleViT
from vit_pytorch.vit_3d import ViT as ViT3D
from vit_pytorch.xcit import XCiT

images = torch.randn(2, 3, 64, 64)
print(SimpleViT(image_size=64, patch_size=16, num_classes=5, dim=32, depth=1, heads=2, mlp_dim=48)(images).shape)
print(CaiT(image_size=64, patch_size=16, num_classes=5, dim=32, depth=1, cls_depth=1, heads=2, mlp_dim=48).eval()(images).shape)
print(CCT(img_size=64, embedding_dim=32, n_conv_layers=1, num_layers=1, num_heads=2, mlp_ratio=2.0, num_classes=5).eval()(images).shape)
cross = CrossViT(
    image_size=64, num_classes=5, depth=1, sm_dim=16, sm_patch_size=8, sm_enc_depth=1, sm_enc_heads=2, sm_enc_mlp_dim=24,
    lg_dim=24, lg_patch_size=16, lg_enc_depth=1, lg_enc_heads=2, lg_enc_mlp_dim=32, cross_attn_depth=1, cross_attn_heads=2,
)
print(cross(images).shape)
region = RegionViT(dim=(8, 16, 24, 32), depth=(1, 1, 1, 1), window_size=2, num_classes=5, tokenize_local_3_conv=False)
print(region(images).shape)
xcit = XCiT(image_size=64, patch_size=16, num_classes=5, dim=32, depth=1, cls_depth=1, heads=2, mlp_dim=48)
print(xcit(images).shape)
video = ViT3D(image_size=32, image_patch_size=8, frames=4, frame_patch_size=2, num_classes=5, dim=32, depth=1, heads=2, mlp_dim=48)
print(video(torch.randn(1, 3, 4, 32, 32)).shape)
packed = NaViT(image_size=64, patch_size=16, num_classes=5, dim=32, depth=1, heads=2, mlp_dim=48, token_dropout_prob=0.0)
print(packed([[torch.randn(3, 64, 32), torch.randn(3, 32, 32)], [torch.randn(3, 48, 64)]]).shape)
student = DistillableViT(image_size=64, patch_size=16, num_classes=5, dim=32, depth=1, heads=2, mlp_dim=48)
teacher = SimpleViT(image_size=64, patch_size=16, num_classes=5, dim=16, depth=1, heads=2, mlp_dim=16)
distiller = DistillWrapper(student=student, teacher=teacher, temperature=3, alpha=0.5)
loss = distiller(images, torch.tensor([1, 3]))
loss.backward()
print(loss)
