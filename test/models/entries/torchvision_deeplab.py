"""Segmentation of torchvision: DeepLab over a ResNet, with losses of both heads."""
# modules: torchvision.models.segmentation.* torchvision.models.resnet torchvision.models._utils

import torch
import torch.nn.functional as F
from torchvision.models.segmentation import deeplabv3_resnet50

model = deeplabv3_resnet50(weights=None, weights_backbone=None, num_classes=4, aux_loss=True)
images = torch.randn(2, 3, 64, 64)
masks = torch.randint(0, 4, (2, 64, 64))
model.train()
outputs = model(images)
loss = 0
for name, logits in outputs.items():
    weight = 1.0 if name == "out" else 0.5
    loss = loss + weight * F.cross_entropy(logits, masks)
loss.backward()
prediction = outputs["out"].argmax(1)
accuracy = (prediction == masks).float().mean()
print(loss.item(), prediction.shape, accuracy)
