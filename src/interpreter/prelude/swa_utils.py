"""torch.optim.swa_utils: a copy of a model that holds the average of its weights."""

import copy

import torch

from .lr_scheduler import LRScheduler
from .module import Module


class AveragedModel(Module):
    def __init__(self, model, device=None, avg_fn=None, multi_avg_fn=None, use_buffers=False):
        super().__init__()
        self.module = copy.deepcopy(model)
        self.register_buffer('n_averaged', torch.tensor(0, dtype=torch.long))

    def forward(self, *args, **kwargs):
        return self.module(*args, **kwargs)

    def update_parameters(self, model):
        return None


class SWALR(LRScheduler): pass


def get_ema_multi_avg_fn(decay=0.999): return None
def get_ema_avg_fn(decay=0.999): return None
def get_swa_multi_avg_fn(): return None
def get_swa_avg_fn(): return None
def update_bn(loader, model, device=None): return None
