"""Padding layers."""

import torch.nn.functional as F

from .conv import per_dim
from .module import Module


class ConstantPadNd(Module):
    def __init__(self, padding, value, rank):
        super().__init__()
        self.padding = per_dim(padding, 2 * rank)
        self.value = value

    def forward(self, input):
        return F.pad(input, self.padding, 'constant', self.value)


class _PadNd(Module):
    def __init__(self, padding, rank, mode):
        super().__init__()
        self.padding = per_dim(padding, 2 * rank)
        self._mode = mode

    def forward(self, input):
        return F.pad(input, self.padding, self._mode)


class ConstantPad1d(ConstantPadNd):
    def __init__(self, padding, value):
        super().__init__(padding, value, 1)


class ZeroPad1d(ConstantPadNd):
    def __init__(self, padding):
        super().__init__(padding, 0.0, 1)


class ReflectionPad1d(_PadNd):
    def __init__(self, padding):
        super().__init__(padding, 1, 'reflect')


class ReplicationPad1d(_PadNd):
    def __init__(self, padding):
        super().__init__(padding, 1, 'replicate')


class CircularPad1d(_PadNd):
    def __init__(self, padding):
        super().__init__(padding, 1, 'circular')

    def forward(self, input):
        if input.dim() not in (2, 3):
            raise ValueError(f'CircularPad1d takes an input of 2 or 3 dims, and it has {input.dim()}')
        return super().forward(input)


class ConstantPad2d(ConstantPadNd):
    def __init__(self, padding, value):
        super().__init__(padding, value, 2)


class ZeroPad2d(ConstantPadNd):
    def __init__(self, padding):
        super().__init__(padding, 0.0, 2)


class ReflectionPad2d(_PadNd):
    def __init__(self, padding):
        super().__init__(padding, 2, 'reflect')


class ReplicationPad2d(_PadNd):
    def __init__(self, padding):
        super().__init__(padding, 2, 'replicate')


class CircularPad2d(_PadNd):
    def __init__(self, padding):
        super().__init__(padding, 2, 'circular')

    def forward(self, input):
        if input.dim() not in (3, 4):
            raise ValueError(f'CircularPad2d takes an input of 3 or 4 dims, and it has {input.dim()}')
        return super().forward(input)


class ConstantPad3d(ConstantPadNd):
    def __init__(self, padding, value):
        super().__init__(padding, value, 3)


class ZeroPad3d(ConstantPadNd):
    def __init__(self, padding):
        super().__init__(padding, 0.0, 3)


class ReflectionPad3d(_PadNd):
    def __init__(self, padding):
        super().__init__(padding, 3, 'reflect')


class ReplicationPad3d(_PadNd):
    def __init__(self, padding):
        super().__init__(padding, 3, 'replicate')


class CircularPad3d(_PadNd):
    def __init__(self, padding):
        super().__init__(padding, 3, 'circular')

    def forward(self, input):
        if input.dim() not in (4, 5):
            raise ValueError(f'CircularPad3d takes an input of 4 or 5 dims, and it has {input.dim()}')
        return super().forward(input)
