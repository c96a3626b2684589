"""Normalisation layers."""

import torch
import torch.nn.functional as F
from shapescope import has_known_rank

from .module import Module, Parameter


class LayerNorm(Module):
    def __init__(self, normalized_shape, eps=1e-5, elementwise_affine=True, bias=True, device=None, dtype=None):
        super().__init__()
        if isinstance(normalized_shape, int):
            normalized_shape = (normalized_shape,)
        self.normalized_shape = tuple(normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        self.weight = Parameter(torch.empty(self.normalized_shape, dtype=dtype)) if elementwise_affine else None
        self.bias = Parameter(torch.empty(self.normalized_shape, dtype=dtype)) if elementwise_affine and bias else None

    def reset_parameters(self):
        return None

    def forward(self, input):
        return F.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)


class RMSNorm(Module):
    def __init__(self, normalized_shape, eps=None, elementwise_affine=True, device=None, dtype=None):
        super().__init__()
        if isinstance(normalized_shape, int):
            normalized_shape = (normalized_shape,)
        self.normalized_shape = tuple(normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        self.weight = Parameter(torch.empty(self.normalized_shape, dtype=dtype)) if elementwise_affine else None

    def reset_parameters(self):
        return None

    def forward(self, x):
        return F.rms_norm(x, self.normalized_shape, self.weight, self.eps)


class GroupNorm(Module):
    def __init__(self, num_groups, num_channels, eps=1e-5, affine=True, device=None, dtype=None, *, bias=True):
        super().__init__()
        if num_channels % num_groups != 0:
            raise ValueError(f'num_channels ({num_channels}) must be divisible by num_groups ({num_groups})')
        self.num_groups = num_groups
        self.num_channels = num_channels
        self.eps = eps
        self.affine = affine
        self.weight = Parameter(torch.empty(num_channels, dtype=dtype)) if affine else None
        self.bias = Parameter(torch.empty(num_channels, dtype=dtype)) if affine and bias else None

    def reset_parameters(self):
        return None

    def forward(self, input):
        return F.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)


class LocalResponseNorm(Module):
    def __init__(self, size, alpha=1e-4, beta=0.75, k=1.0):
        super().__init__()
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.k = k

    def forward(self, input):
        return F.local_response_norm(input, self.size, self.alpha, self.beta, self.k)


class CrossMapLRN2d(Module):
    def __init__(self, size, alpha=1e-4, beta=0.75, k=1):
        super().__init__()
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.k = k

    def forward(self, input):
        if input.dim() != 4:
            raise ValueError(f'CrossMapLRN2d: expected input to be 4D, got {input.dim()}D instead.')
        return torch.empty_like(input)


class _NormBase(Module):
    def __init__(self, num_features, eps=1e-5, momentum=0.1, affine=True, track_running_stats=True,
                 device=None, dtype=None, *, bias=True):
        super().__init__()
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.affine = affine
        self.track_running_stats = track_running_stats
        self.weight = Parameter(torch.empty(num_features, dtype=dtype)) if affine else None
        self.bias = Parameter(torch.empty(num_features, dtype=dtype)) if affine and bias else None
        self.register_buffer('running_mean', torch.empty(num_features, dtype=dtype) if track_running_stats else None)
        self.register_buffer('running_var', torch.empty(num_features, dtype=dtype) if track_running_stats else None)
        self.register_buffer('num_batches_tracked', torch.empty((), dtype=torch.int64) if track_running_stats else None)

    def reset_running_stats(self):
        return None

    def reset_parameters(self):
        return None


class _BatchNorm(_NormBase):
    def forward(self, input):
        self._check_input_dim(input)
        return F.batch_norm(input, self.running_mean, self.running_var, self.weight, self.bias,
                            self.training or self.running_mean is None, self.momentum, self.eps)


class BatchNorm1d(_BatchNorm):
    def _check_input_dim(self, input):
        if input.dim() != 2 and input.dim() != 3:
            raise ValueError(f'BatchNorm1d takes an input of 2 or 3 dims, and it has {input.dim()}')


class BatchNorm2d(_BatchNorm):
    def _check_input_dim(self, input):
        if input.dim() != 4:
            raise ValueError(f'BatchNorm2d takes an input of 4 dims, and it has {input.dim()}')


class BatchNorm3d(_BatchNorm):
    def _check_input_dim(self, input):
        if input.dim() != 5:
            raise ValueError(f'BatchNorm3d takes an input of 5 dims, and it has {input.dim()}')


class SyncBatchNorm(_BatchNorm):
    def __init__(self, num_features, eps=1e-5, momentum=0.1, affine=True, track_running_stats=True,
                 process_group=None, device=None, dtype=None):
        super().__init__(num_features, eps, momentum, affine, track_running_stats, device, dtype)
        self.process_group = process_group

    @classmethod
    def convert_sync_batchnorm(cls, module, process_group=None):
        return module

    def _check_input_dim(self, input):
        if input.dim() < 2:
            raise ValueError(f'SyncBatchNorm takes an input of at least 2 dims, and it has {input.dim()}')


class _InstanceNorm(_NormBase):
    def __init__(self, num_features, eps=1e-5, momentum=0.1, affine=False, track_running_stats=False,
                 device=None, dtype=None):
        super().__init__(num_features, eps, momentum, affine, track_running_stats, device, dtype)

    def _normalized(self, input, rank):
        if not has_known_rank(input):
            return torch.empty_like(input)
        if input.dim() != rank and input.dim() != rank - 1:
            raise ValueError(f'InstanceNorm{rank - 2}d takes an input of {rank - 1} or {rank} dims, and it has {input.dim()}')
        channels = input.size(1 - rank)
        if self.affine and channels != self.num_features:
            raise ValueError(f'the input has {channels} channels, and the layer is for {self.num_features}')
        if input.dim() == rank - 1:
            return self._apply_norm(input.unsqueeze(0)).squeeze(0)
        return self._apply_norm(input)

    def _apply_norm(self, input):
        return F.instance_norm(input, self.running_mean, self.running_var, self.weight, self.bias,
                               self.training or not self.track_running_stats, self.momentum, self.eps)


class InstanceNorm1d(_InstanceNorm):
    def forward(self, input):
        return self._normalized(input, 3)


class InstanceNorm2d(_InstanceNorm):
    def forward(self, input):
        return self._normalized(input, 4)


class InstanceNorm3d(_InstanceNorm):
    def forward(self, input):
        return self._normalized(input, 5)
