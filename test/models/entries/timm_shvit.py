"""Small fast nets of timm: SHViT with one head, StarNet with products, FasterNet with convolutions of a part."""
# modules: timm.models.shvit timm.models.starnet timm.models.fasternet timm.layers.*

import torch
from timm.models.fasternet import FasterNet
from timm.models.shvit import SHViT
from timm.models.starnet import StarNet

x = torch.randn(2, 3, 128, 128)
models = [
    SHViT(num_classes=5, embed_dim=(16, 32, 48), partial_dim=(8, 12, 16), qk_dim=(8, 8, 8), depth=(1, 1, 2), types=("i", "s", "s")),
    StarNet(base_dim=8, depths=[1, 1, 2, 1], num_classes=5, drop_path_rate=0.05),
    FasterNet(embed_dim=16, depths=(1, 1, 2, 1), num_classes=5, feature_dim=64, layer_scale_init_value=0.1),
    FasterNet(embed_dim=16, depths=(1, 1), num_classes=5, feature_dim=64, pconv_fw_type="slicing"),
]
for model in models:
    model.eval()
    features = model.forward_features(x)
    logits = model.forward_head(features)
    assert logits.shape == (2, 5)
models[0].fuse()
print(models[0](x).shape)
