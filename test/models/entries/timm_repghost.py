"""RepGhostNet, CSPNeXt and SelecSLS of timm, made by their names."""
# modules: timm.models.repghost timm.models.cspnext timm.models.selecsls timm.layers.*

import timm
import torch

for name in ("repghostnet_050", "cspnext_tiny", "selecsls42b"):
    model = timm.create_model(name, num_classes=6, drop_rate=0.1)
    model.train()
    logits = model(torch.randn(2, 3, 96, 96))
    model.eval()
    with torch.no_grad():
        maps, width = model.forward_features(torch.randn(1, 3, 64, 96)), model.num_features
    print(name, logits.shape, maps.shape, width)
