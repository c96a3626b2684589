"""Weights that are computed anew before each forward. Source: torch/nn/utils/weight_norm.py, torch/nn/utils/spectral_norm.py"""

import torch
from .conv import _ConvTransposeNd
from .module import Parameter


def _norm_except(weight, dim):
    """The norms over all dims but one, [size, 1, …]; over all of them for -1."""
    if dim == -1:
        return torch.linalg.vector_norm(weight)
    return torch.linalg.vector_norm(weight, dim=[d for d in range(weight.dim()) if d != dim], keepdim=True)


def _remove(module, name, endings):
    """The weight is a parameter again, and what it was computed of is gone."""
    weight = getattr(module, name)
    for ending in ('', *endings):
        delattr(module, name + ending)
    module.register_parameter(name, Parameter(weight.detach()))
    return module


def weight_norm(module, name='weight', dim=0):
    weight = getattr(module, name)
    delattr(module, name)
    module.register_parameter(name + '_g', Parameter(_norm_except(weight, -1 if dim is None else dim)))
    module.register_parameter(name + '_v', Parameter(weight.data))
    setattr(module, name, weight.detach())
    return module


def remove_weight_norm(module, name='weight'):
    return _remove(module, name, ('_g', '_v'))


def spectral_norm(module, name='weight', n_power_iterations=1, eps=1e-12, dim=None):
    weight = getattr(module, name)
    if dim is None:
        dim = 1 if isinstance(module, _ConvTransposeNd) else 0
    delattr(module, name)
    module.register_parameter(name + '_orig', weight)
    setattr(module, name, weight.detach())
    module.register_buffer(name + '_u', weight.new_empty(weight.size(dim)))
    module.register_buffer(name + '_v', weight.new_empty(weight.numel() // weight.size(dim)))
    return module


def remove_spectral_norm(module, name='weight'):
    return _remove(module, name, ('_u', '_v', '_orig'))
