"""Detection of torchvision: a RetinaNet in training."""
# modules: torchvision.models.detection.* torchvision.ops.* torchvision.models.resnet torchvision.models._utils

import torch
from torchvision.models.detection import retinanet_resnet50_fpn

model = retinanet_resnet50_fpn(weights=None, weights_backbone=None, num_classes=3, min_size=64, max_size=64)
images = [torch.rand(3, 64, 48), torch.rand(3, 48, 64)]
targets = [
    {"boxes": torch.tensor([[4.0, 4.0, 20.0, 24.0], [10.0, 8.0, 40.0, 40.0]]), "labels": torch.tensor([1, 2])},
    {"boxes": torch.tensor([[8.0, 8.0, 30.0, 30.0]]), "labels": torch.tensor([1])},
]
model.train()
losses = model(images, targets)
total = sum(losses.values())
print({name: value.shape for name, value in losses.items()}, total.shape)
