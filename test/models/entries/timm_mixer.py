"""A tiny MLP-Mixer of timm."""
# modules: timm.models.mlp_mixer timm.layers.*

import torch
from timm.models.mlp_mixer import MlpMixer

model = MlpMixer(img_size=32, patch_size=8, embed_dim=32, num_blocks=2, num_classes=5).eval()
with torch.no_grad():
    out = model(torch.randn(2, 3, 32, 32))
print(out.shape)
