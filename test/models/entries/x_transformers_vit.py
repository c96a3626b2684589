"""An encoder of images of the x-transformers package."""
# modules: x_transformers.*

import torch
from x_transformers import Encoder, ViTransformerWrapper

model = ViTransformerWrapper(image_size=32, patch_size=8, num_classes=5, attn_layers=Encoder(dim=32, depth=2, heads=4))
print(model(torch.randn(2, 3, 32, 32)).shape)
