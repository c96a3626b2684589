"""A run of the sample package."""
# modules: tiny.*

import torch
from tiny.config import TinyConfig
from tiny.model import Model

model = Model(TinyConfig(width=16, note="kept"))
out = model(torch.randn(2, 5, 16))
print(out.last.shape, out["last"].shape, out[1][0].shape)
