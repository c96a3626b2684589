"""LeViT of timm: attention with biases kept for inference, strided queries."""
# modules: timm.models.levit timm.layers.*

import timm
import torch

model = timm.create_model("levit_128s", img_size=64, embed_dim=(16, 24, 32), key_dim=8, num_heads=(2, 3, 4), depth=(1, 1, 1), num_classes=5)
model.eval()
with torch.no_grad():
    logits = model(torch.randn(2, 3, 64, 64))
probabilities = logits.softmax(-1)
top = probabilities.topk(3)
print(top.values.shape, top.indices.shape)
