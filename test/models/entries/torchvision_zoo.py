"""Older nets of torchvision, video and features by name."""
# modules: torchvision.models.densenet torchvision.models.googlenet torchvision.models.shufflenetv2 torchvision.models.mobilenetv3 torchvision.models.video.resnet torchvision.models.squeezenet torchvision.ops.misc

import torch
from torchvision import models
from torchvision.models.video import r3d_18

x = torch.randn(2, 3, 64, 64)
densenet = models.DenseNet(growth_rate=8, block_config=(2, 2, 2, 2), num_init_features=16, num_classes=5)
googlenet = models.googlenet(weights=None, init_weights=False, num_classes=5)
shuffle = models.shufflenet_v2_x0_5(num_classes=5)
mobile = models.mobilenet_v3_small(num_classes=5)
squeeze = models.squeezenet1_1(num_classes=5)
for model in (densenet, shuffle, mobile, squeeze):
    model.eval()
    with torch.no_grad():
        print(type(model).__name__, model(x).shape)
googlenet.train()
out = googlenet(torch.randn(2, 3, 96, 96))
print(out.logits.shape, out.aux_logits1.shape)
video = r3d_18(num_classes=5).eval()
print(video(torch.randn(1, 3, 4, 32, 32)).shape)
