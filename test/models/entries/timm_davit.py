"""A tiny DaViT of timm: attention over windows, then over groups of channels."""
# modules: timm.models.davit timm.layers.*

import torch
from timm.models.davit import DaVit

model = DaVit(
    depths=(1, 1, 2, 1),
    embed_dims=(16, 32, 48, 64),
    num_heads=(2, 4, 4, 8),
    window_size=4,
    num_classes=5,
    drop_path_rate=0.1,
).eval()
images = torch.randn(2, 3, 64, 64)
with torch.no_grad():
    features = model.forward_features(images)
    logits = model.forward_head(features)
    pooled = model.forward_head(features, pre_logits=True)
model.set_grad_checkpointing(True)
model.train()
trained = model(images)
trained.sum().backward()
print(features.shape, logits.shape, pooled.shape, trained.shape)
