"""Convolutions and normalisations that find the number of channels in their first input."""

import torch

from .conv import Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d
from .module import Parameter, UninitializedParameter
from .norms import BatchNorm1d, BatchNorm2d, BatchNorm3d, InstanceNorm1d, InstanceNorm2d, InstanceNorm3d


class _LazyConv:
    """Takes the number of input channels from the first input."""

    def _leave_open(self):
        self._dtype = self.weight.dtype
        self.weight = UninitializedParameter()
        if self.bias is not None:
            self.bias = UninitializedParameter()

    def _initialize(self, input, rank):
        if self.in_channels == 0:
            self.in_channels = input.shape[-1 - rank]
            per_group = self.in_channels // self.groups
            if self.transposed:
                shape = (self.in_channels, self.out_channels // self.groups, *self.kernel_size)
            else:
                shape = (self.out_channels, per_group, *self.kernel_size)
            self.weight = Parameter(torch.empty(shape, dtype=self._dtype))
            if self.bias is not None:
                self.bias = Parameter(torch.empty(self.out_channels, dtype=self._dtype))


class LazyConv1d(Conv1d, _LazyConv):
    def __init__(self, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True,
                 padding_mode='zeros', device=None, dtype=None):
        super().__init__(0, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode, dtype=dtype)
        self._leave_open()

    def forward(self, input):
        self._initialize(input, 1)
        return super().forward(input)


class LazyConvTranspose1d(ConvTranspose1d, _LazyConv):
    def __init__(self, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True,
                 dilation=1, padding_mode='zeros', device=None, dtype=None):
        super().__init__(0, out_channels, kernel_size, stride, padding, output_padding, groups, bias, dilation,
                         padding_mode, dtype=dtype)
        self._leave_open()

    def forward(self, input, output_size=None):
        self._initialize(input, 1)
        return super().forward(input, output_size)


class LazyConv2d(Conv2d, _LazyConv):
    def __init__(self, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True,
                 padding_mode='zeros', device=None, dtype=None):
        super().__init__(0, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode, dtype=dtype)
        self._leave_open()

    def forward(self, input):
        self._initialize(input, 2)
        return super().forward(input)


class LazyConvTranspose2d(ConvTranspose2d, _LazyConv):
    def __init__(self, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True,
                 dilation=1, padding_mode='zeros', device=None, dtype=None):
        super().__init__(0, out_channels, kernel_size, stride, padding, output_padding, groups, bias, dilation,
                         padding_mode, dtype=dtype)
        self._leave_open()

    def forward(self, input, output_size=None):
        self._initialize(input, 2)
        return super().forward(input, output_size)


class LazyConv3d(Conv3d, _LazyConv):
    def __init__(self, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True,
                 padding_mode='zeros', device=None, dtype=None):
        super().__init__(0, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode, dtype=dtype)
        self._leave_open()

    def forward(self, input):
        self._initialize(input, 3)
        return super().forward(input)


class LazyConvTranspose3d(ConvTranspose3d, _LazyConv):
    def __init__(self, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True,
                 dilation=1, padding_mode='zeros', device=None, dtype=None):
        super().__init__(0, out_channels, kernel_size, stride, padding, output_padding, groups, bias, dilation,
                         padding_mode, dtype=dtype)
        self._leave_open()

    def forward(self, input, output_size=None):
        self._initialize(input, 3)
        return super().forward(input, output_size)


class _LazyNorm:
    def _leave_open(self):
        if self.affine:
            self.weight = UninitializedParameter()
            self.bias = UninitializedParameter()

    def _find_features(self, count):
        if self.num_features == 0:
            self.num_features = count
            if self.affine:
                self.weight = Parameter(torch.empty(self.num_features))
                self.bias = Parameter(torch.empty(self.num_features))
            if self.track_running_stats:
                self.running_mean = torch.empty(self.num_features)
                self.running_var = torch.empty(self.num_features)


class LazyBatchNorm1d(BatchNorm1d, _LazyNorm):
    def __init__(self, eps=1e-5, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None):
        super().__init__(0, eps, momentum, affine, track_running_stats, device, dtype)
        self._leave_open()

    def forward(self, input):
        self._find_features(input.shape[1])
        return super().forward(input)


class LazyBatchNorm2d(BatchNorm2d, _LazyNorm):
    def __init__(self, eps=1e-5, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None):
        super().__init__(0, eps, momentum, affine, track_running_stats, device, dtype)
        self._leave_open()

    def forward(self, input):
        self._find_features(input.shape[1])
        return super().forward(input)


class LazyBatchNorm3d(BatchNorm3d, _LazyNorm):
    def __init__(self, eps=1e-5, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None):
        super().__init__(0, eps, momentum, affine, track_running_stats, device, dtype)
        self._leave_open()

    def forward(self, input):
        self._find_features(input.shape[1])
        return super().forward(input)


class LazyInstanceNorm1d(InstanceNorm1d, _LazyNorm):
    def __init__(self, eps=1e-5, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None):
        super().__init__(0, eps, momentum, affine, track_running_stats, device, dtype)
        self._leave_open()

    def forward(self, input):
        self._find_features(input.shape[-2])
        return super().forward(input)


class LazyInstanceNorm2d(InstanceNorm2d, _LazyNorm):
    def __init__(self, eps=1e-5, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None):
        super().__init__(0, eps, momentum, affine, track_running_stats, device, dtype)
        self._leave_open()

    def forward(self, input):
        self._find_features(input.shape[-3])
        return super().forward(input)


class LazyInstanceNorm3d(InstanceNorm3d, _LazyNorm):
    def __init__(self, eps=1e-5, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None):
        super().__init__(0, eps, momentum, affine, track_running_stats, device, dtype)
        self._leave_open()

    def forward(self, input):
        self._find_features(input.shape[-4])
        return super().forward(input)
