"""Convolutions and transposed convolutions."""

import torch
import torch.nn.functional as F
from shapescope import open_sizes

from .module import Module, Parameter


def per_dim(value, count):
    """One number a spatial dim; where it is open whether one or several are given, sizes that are not known."""
    sizes = open_sizes(value, count)
    if sizes is not None:
        return sizes
    return tuple(value) if isinstance(value, (tuple, list)) else (value,) * count


class _ConvNd(Module):
    def __init__(self, rank, transposed, in_channels, out_channels, kernel_size, stride, padding, dilation, groups,
                 bias, padding_mode, output_padding, dtype):
        super().__init__()
        if groups <= 0:
            raise ValueError(f'groups must be more than 0, and it is {groups}')
        if in_channels % groups != 0:
            raise ValueError(f'in_channels ({in_channels}) must be divisible by groups ({groups})')
        if out_channels % groups != 0:
            raise ValueError(f'out_channels ({out_channels}) must be divisible by groups ({groups})')
        if padding_mode not in ('zeros', 'reflect', 'replicate', 'circular'):
            raise ValueError(f"padding_mode must be 'zeros', 'reflect', 'replicate' or 'circular', and it is {padding_mode!r}")
        self.in_channels = in_channels
        self.out_channels = out_channels
        padded = open_sizes(padding, rank)
        self.kernel_size = per_dim(kernel_size, rank)
        self.stride = per_dim(stride, rank)
        self.dilation = per_dim(dilation, rank)
        self.transposed = transposed
        self.output_padding = per_dim(output_padding, rank)
        self.groups = groups
        self.padding_mode = padding_mode
        if padded is not None:
            self.padding = padded
        elif isinstance(padding, str):
            if padding not in ('same', 'valid'):
                raise ValueError(f"padding must be 'same', 'valid' or numbers, and it is {padding!r}")
            if padding == 'same' and any(s != 1 for s in self.stride):
                raise ValueError("padding='same' needs a stride of 1")
            self.padding = padding
        else:
            self.padding = per_dim(padding, rank)
        if transposed:
            shape = (in_channels, out_channels // groups, *self.kernel_size)
        else:
            shape = (out_channels, in_channels // groups, *self.kernel_size)
        self.weight = Parameter(torch.empty(shape, dtype=dtype))
        self.bias = Parameter(torch.empty(out_channels, dtype=dtype)) if bias else None
        self.reset_parameters()

    def reset_parameters(self):
        return None

    def _padding_of_input(self):
        """What F.pad takes: both sides of each spatial dim, the last dim first."""
        sides = []
        for size, pad, dilation in zip(self.kernel_size[::-1],
                                       (self.padding if not isinstance(self.padding, str) else self.kernel_size)[::-1],
                                       self.dilation[::-1]):
            if self.padding == 'same':
                total = dilation * (size - 1)
                sides.extend([total // 2, total - total // 2])
            elif self.padding == 'valid':
                sides.extend([0, 0])
            else:
                sides.extend([pad, pad])
        return sides

    def _padded(self, input):
        return F.pad(input, self._padding_of_input(), mode=self.padding_mode)

    def _output_padding(self, input, output_size, rank):
        if output_size is None:
            return self.output_padding
        wanted = list(output_size)[-rank:]
        given = list(input.shape)[-rank:]
        extra = []
        for d in range(rank):
            least = (given[d] - 1) * self.stride[d] - 2 * self.padding[d] + self.dilation[d] * (self.kernel_size[d] - 1) + 1
            if wanted[d] < least or wanted[d] > least + self.stride[d] - 1:
                raise ValueError(f'output_size {wanted[d]} is not between {least} and {least + self.stride[d] - 1}')
            extra.append(wanted[d] - least)
        return tuple(extra)


class Conv1d(_ConvNd):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True,
                 padding_mode='zeros', device=None, dtype=None):
        super().__init__(1, False, in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias,
                         padding_mode, 0, dtype)

    def forward(self, input):
        if self.padding_mode != 'zeros':
            return F.conv1d(self._padded(input), self.weight, self.bias, self.stride, 0, self.dilation, self.groups)
        return F.conv1d(input, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)


class Conv2d(_ConvNd):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True,
                 padding_mode='zeros', device=None, dtype=None):
        super().__init__(2, False, in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias,
                         padding_mode, 0, dtype)

    def forward(self, input):
        if self.padding_mode != 'zeros':
            return F.conv2d(self._padded(input), self.weight, self.bias, self.stride, 0, self.dilation, self.groups)
        return F.conv2d(input, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)


class Conv3d(_ConvNd):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True,
                 padding_mode='zeros', device=None, dtype=None):
        super().__init__(3, False, in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias,
                         padding_mode, 0, dtype)

    def forward(self, input):
        if self.padding_mode != 'zeros':
            return F.conv3d(self._padded(input), self.weight, self.bias, self.stride, 0, self.dilation, self.groups)
        return F.conv3d(input, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)


class _ConvTransposeNd(_ConvNd):
    def __init__(self, rank, in_channels, out_channels, kernel_size, stride, padding, output_padding, groups, bias,
                 dilation, padding_mode, dtype):
        if padding_mode != 'zeros':
            raise ValueError("a transposed convolution takes only padding_mode='zeros'")
        super().__init__(rank, True, in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias,
                         padding_mode, output_padding, dtype)


class ConvTranspose1d(_ConvTransposeNd):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1,
                 bias=True, dilation=1, padding_mode='zeros', device=None, dtype=None):
        super().__init__(1, in_channels, out_channels, kernel_size, stride, padding, output_padding, groups, bias,
                         dilation, padding_mode, dtype)

    def forward(self, input, output_size=None):
        return F.conv_transpose1d(input, self.weight, self.bias, self.stride, self.padding,
                                  self._output_padding(input, output_size, 1), self.groups, self.dilation)


class ConvTranspose2d(_ConvTransposeNd):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1,
                 bias=True, dilation=1, padding_mode='zeros', device=None, dtype=None):
        super().__init__(2, in_channels, out_channels, kernel_size, stride, padding, output_padding, groups, bias,
                         dilation, padding_mode, dtype)

    def forward(self, input, output_size=None):
        return F.conv_transpose2d(input, self.weight, self.bias, self.stride, self.padding,
                                  self._output_padding(input, output_size, 2), self.groups, self.dilation)


class ConvTranspose3d(_ConvTransposeNd):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1,
                 bias=True, dilation=1, padding_mode='zeros', device=None, dtype=None):
        super().__init__(3, in_channels, out_channels, kernel_size, stride, padding, output_padding, groups, bias,
                         dilation, padding_mode, dtype)

    def forward(self, input, output_size=None):
        return F.conv_transpose3d(input, self.weight, self.bias, self.stride, self.padding,
                                  self._output_padding(input, output_size, 3), self.groups, self.dilation)


class Fold(Module):
    def __init__(self, output_size, kernel_size, dilation=1, padding=0, stride=1):
        super().__init__()
        self.output_size = output_size
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.padding = padding
        self.stride = stride

    def forward(self, input):
        return F.fold(input, self.output_size, self.kernel_size, self.dilation, self.padding, self.stride)


class Unfold(Module):
    def __init__(self, kernel_size, dilation=1, padding=0, stride=1):
        super().__init__()
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.padding = padding
        self.stride = stride

    def forward(self, input):
        return F.unfold(input, self.kernel_size, self.dilation, self.padding, self.stride)
