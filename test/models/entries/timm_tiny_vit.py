"""TinyViT of timm, in training and then with biases that are kept, and EfficientFormer."""
# modules: timm.models.tiny_vit timm.models.efficientformer timm.layers.*

import torch
from timm.models.efficientformer import EfficientFormer
from timm.models.tiny_vit import TinyVit

x = torch.randn(2, 3, 64, 64)
model = TinyVit(num_classes=5, embed_dims=(16, 24, 32, 48), depths=(1, 1, 2, 1), num_heads=(1, 2, 4, 4), window_sizes=(7, 4, 4, 2), drop_path_rate=0.1)
loss = torch.nn.functional.cross_entropy(model(x), torch.tensor([0, 3]))
loss.backward()
former = EfficientFormer(depths=(1, 1, 1, 2), embed_dims=(8, 16, 24, 32), num_classes=5, num_vit=1, drop_path_rate=0.1)
model.eval()
former.eval()
with torch.no_grad():
    last, stages = model.forward_intermediates(x)
    print(loss, last.shape, [s.shape for s in stages], former(torch.randn(2, 3, 224, 224)).shape)
