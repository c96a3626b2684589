"""FastViT of timm: branches that are folded into one convolution for inference."""
# modules: timm.models.fastvit timm.layers.*

import timm
import torch

model = timm.create_model("fastvit_t8", num_classes=5)
x = torch.randn(2, 3, 64, 64)
model.train()
loss = model(x).sum()
loss.backward()
model.eval()
with torch.no_grad():
    out = model(x)
print(loss.shape, out.shape)
