"""Residual nets of timm that weigh channels: squeeze and excitation as first written, selective kernels."""
# modules: timm.models.senet timm.models.sknet timm.models.resnet timm.layers.*

import torch
from timm.models.resnet import ResNet
from timm.models.senet import SEResNetBlock, SENet
from timm.models.sknet import SelectiveKernelBasic, SelectiveKernelBottleneck

x = torch.randn(2, 3, 64, 64)
se = SENet(SEResNetBlock, (1, 1, 1, 1), groups=1, reduction=8, inplanes=32, drop_rate=0.1, num_classes=4, downsample_kernel_size=1)
sk = ResNet(
    SelectiveKernelBasic, (1, 1, 1, 1), channels=(16, 24, 32, 40), stem_width=8, num_classes=4, zero_init_last=False,
    block_args=dict(sk_kwargs=dict(rd_ratio=1 / 8, rd_divisor=8, split_input=True)),
)
deep = ResNet(
    SelectiveKernelBottleneck, (1, 1, 1, 1), channels=(8, 16, 16, 32), cardinality=2, base_width=16, stem_type="deep", stem_width=8, num_classes=4, zero_init_last=False
)
for model in (se, sk, deep):
    print(model(x).shape, model.eval().forward_features(x).shape)
