"""A MobileNetV4 of timm, made by its name, in training; then its features at each scale."""
# modules: timm.models.mobilenetv3 timm.models._efficientnet_blocks timm.models._features timm.layers.*

import timm
import torch
import torch.nn.functional as F

model = timm.create_model("mobilenetv4_conv_small_035", pretrained=False, num_classes=5, drop_path_rate=0.1)
model.train()
logits = model(torch.randn(4, 3, 64, 64))
loss = F.cross_entropy(logits, torch.tensor([0, 1, 2, 3]), label_smoothing=0.1)
loss.backward()
print(loss)

backbone = timm.create_model("mobilenetv4_conv_small_035", pretrained=False, features_only=True).eval()
with torch.no_grad():
    features = backbone(torch.randn(2, 3, 64, 64))
print([f.shape for f in features])
