"""EfficientViM with hidden states of a state space, and EfficientViT (MSRA) whose heads feed each other."""
# modules: timm.models.efficientvim timm.models.efficientvit_msra timm.layers.*

import torch
from timm.models.efficientvim import EfficientViM
from timm.models.efficientvit_msra import EfficientVitMsra

images = torch.randn(2, 3, 128, 128)
state_space = EfficientViM(num_classes=5, embed_dim=(16, 24, 32), depths=(1, 1, 2), state_dim=(9, 4, 4)).eval()
cascade = EfficientVitMsra(
    img_size=128, num_classes=5, embed_dim=(16, 32, 48), key_dim=(4, 4, 4), depth=(1, 1, 1), num_heads=(2, 2, 3), window_size=(4, 4, 4), kernels=(5, 5, 3, 3)
).eval()
with torch.inference_mode():
    print(state_space(images).shape, cascade(images).shape, cascade.forward_features(images).shape)
