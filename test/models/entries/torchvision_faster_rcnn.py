"""Detection of torchvision for inference: proposals, pooled regions, boxes."""
# modules: torchvision.models.detection.* torchvision.ops.* torchvision.models.mobilenetv3 torchvision.models._utils

import torch
from torchvision.models.detection import fasterrcnn_mobilenet_v3_large_320_fpn

model = fasterrcnn_mobilenet_v3_large_320_fpn(weights=None, weights_backbone=None, num_classes=3, min_size=64, max_size=64)
model.eval()
with torch.no_grad():
    detections = model([torch.rand(3, 64, 48)])
for found in detections:
    keep = found["scores"] > 0.5
    print(found["boxes"][keep].shape, found["labels"].shape)
