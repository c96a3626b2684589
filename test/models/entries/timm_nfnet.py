"""A tiny normalizer-free ResNet of timm: weights that are standardised at each step."""
# modules: timm.models.nfnet timm.models._manipulate timm.layers.*

import torch
from timm.models.nfnet import NfCfg, NormFreeNet

cfg = NfCfg(
    depths=(1, 2, 1, 1),
    channels=(16, 32, 48, 48),
    stem_type="deep_quad",
    stem_chs=16,
    group_size=8,
    bottle_ratio=0.5,
    extra_conv=True,
    num_features=64,
    act_layer="gelu",
    attn_layer="se",
    attn_kwargs=dict(rd_ratio=0.5),
)
model = NormFreeNet(cfg, num_classes=5, drop_path_rate=0.1)
loss = model(torch.randn(2, 3, 64, 64)).sum()
model.eval()
with torch.no_grad():
    out = model(torch.randn(2, 3, 64, 64))
print(loss.shape, out.shape)
