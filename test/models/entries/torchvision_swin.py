"""Classifiers of torchvision: Swin v2, a vision transformer, ConvNeXt."""
# modules: torchvision.models.swin_transformer torchvision.models.vision_transformer torchvision.models.convnext torchvision.ops.misc torchvision.ops.stochastic_depth

import torch
import torchvision
from torchvision.models import swin_transformer
from torchvision.models.convnext import CNBlockConfig, ConvNeXt
from torchvision.models.vision_transformer import VisionTransformer

images = torch.randn(2, 3, 64, 64)
swin = swin_transformer.SwinTransformer(
    patch_size=[4, 4], embed_dim=16, depths=[2, 2], num_heads=[2, 4], window_size=[4, 4],
    block=swin_transformer.SwinTransformerBlockV2, downsample_layer=swin_transformer.PatchMergingV2, num_classes=5,
).eval()
vit = VisionTransformer(image_size=64, patch_size=16, num_layers=2, num_heads=2, hidden_dim=16, mlp_dim=32, num_classes=5).eval()
convnext = ConvNeXt([CNBlockConfig(16, 32, 1), CNBlockConfig(32, None, 1)], num_classes=5).eval()
with torch.no_grad():
    a, b, c = swin(images), vit(images), convnext(images)
print(a.shape, b.shape, c.shape)
