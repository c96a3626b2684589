"""einops.layers.torch."""

import einops
import torch
from shapescope import some_tensor

from .module import Module, Parameter


class Rearrange(Module):
    def __init__(self, pattern, **axes_lengths):
        super().__init__()
        self.pattern = pattern
        self.axes_lengths = axes_lengths
        # einops reads the pattern at once
        self(some_tensor())

    def forward(self, input):
        return einops.rearrange(input, self.pattern, **self.axes_lengths)


class Reduce(Module):
    def __init__(self, pattern, reduction, **axes_lengths):
        super().__init__()
        self.pattern = pattern
        self.reduction = reduction
        self.axes_lengths = axes_lengths
        self(some_tensor())

    def forward(self, input):
        return einops.reduce(input, self.pattern, self.reduction, **self.axes_lengths)


class EinMix(Module):
    def __init__(self, pattern, weight_shape, bias_shape=None, **axes_lengths):
        super().__init__()
        self.pattern = pattern
        self.weight_shape = weight_shape
        self.bias_shape = bias_shape
        self.axes_lengths = axes_lengths
        left, right = pattern.split('->')
        weight_axes = weight_shape.split()
        self.weight = Parameter(torch.empty([axes_lengths[name] for name in weight_axes if name != '1']))
        self._weight_axes = ' '.join([name for name in weight_axes if name != '1'])
        self._left = ' '.join(left.replace('(', ' ').replace(')', ' ').split())
        self._right = ' '.join(right.replace('(', ' ').replace(')', ' ').split())
        self._split = f'{left} -> {self._left}'
        self._join = f'{self._right} -> {right}'
        left_names = self._left.split()
        right_names = self._right.split()
        self._left_sizes = {name: size for name, size in axes_lengths.items() if name in left_names}
        self._right_sizes = {name: size for name, size in axes_lengths.items() if name in right_names}
        if bias_shape:
            bias_axes = bias_shape.split()
            self.bias = Parameter(torch.empty([axes_lengths[name] if name in bias_axes else 1
                                               for name in right_names if name != '...' and name != '1']))
        else:
            self.bias = None

    def forward(self, input):
        input = einops.rearrange(input, self._split, **self._left_sizes)
        output = einops.einsum(input, self.weight, f'{self._left}, {self._weight_axes} -> {self._right}')
        if self.bias is not None:
            output = output + self.bias
        return einops.rearrange(output, self._join, **self._right_sizes)
