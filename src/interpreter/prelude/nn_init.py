"""torch.nn.init: every function gives the tensor it fills."""

import math


def calculate_gain(nonlinearity, param=None):
    if nonlinearity == 'tanh':
        return 5.0 / 3
    if nonlinearity == 'relu':
        return math.sqrt(2.0)
    if nonlinearity == 'leaky_relu':
        slope = 0.01 if param is None else param
        return math.sqrt(2.0 / (1 + slope ** 2))
    if nonlinearity == 'selu':
        return 3.0 / 4
    return 1


def _calculate_fan_in_and_fan_out(tensor):
    if tensor.dim() < 2:
        raise ValueError('fan in and fan out need a tensor of at least 2 dims')
    field = 1
    for size in tensor.shape[2:]:
        field = field * size
    return tensor.size(1) * field, tensor.size(0) * field


def uniform_(tensor, a=0.0, b=1.0, generator=None):
    return tensor


def normal_(tensor, mean=0.0, std=1.0, generator=None):
    return tensor


def trunc_normal_(tensor, mean=0.0, std=1.0, a=-2.0, b=2.0, generator=None):
    return tensor


def constant_(tensor, val):
    return tensor


def ones_(tensor):
    return tensor


def zeros_(tensor):
    return tensor


def eye_(tensor):
    if tensor.dim() != 2:
        raise ValueError(f'eye_ needs a tensor of 2 dims, and it has {tensor.dim()}')
    return tensor


def dirac_(tensor, groups=1):
    if tensor.dim() not in (3, 4, 5):
        raise ValueError(f'dirac_ needs a tensor of 3, 4 or 5 dims, and it has {tensor.dim()}')
    return tensor


def xavier_uniform_(tensor, gain=1.0, generator=None):
    _calculate_fan_in_and_fan_out(tensor)
    return tensor


def xavier_normal_(tensor, gain=1.0, generator=None):
    _calculate_fan_in_and_fan_out(tensor)
    return tensor


def kaiming_uniform_(tensor, a=0, mode='fan_in', nonlinearity='leaky_relu', generator=None):
    _calculate_fan_in_and_fan_out(tensor)
    return tensor


def kaiming_normal_(tensor, a=0, mode='fan_in', nonlinearity='leaky_relu', generator=None):
    _calculate_fan_in_and_fan_out(tensor)
    return tensor


def orthogonal_(tensor, gain=1, generator=None):
    if tensor.dim() < 2:
        raise ValueError('orthogonal_ needs a tensor of at least 2 dims')
    return tensor


def sparse_(tensor, sparsity, std=0.01, generator=None):
    if tensor.dim() != 2:
        raise ValueError(f'sparse_ needs a tensor of 2 dims, and it has {tensor.dim()}')
    return tensor


uniform = uniform_
normal = normal_
constant = constant_
xavier_uniform = xavier_uniform_
xavier_normal = xavier_normal_
kaiming_uniform = kaiming_uniform_
kaiming_normal = kaiming_normal_
orthogonal = orthogonal_
