"""numpy.fft as far as shapes flow through it."""

import torch

from .numpy import _tensor, float64, ndarray
from .numpy_more import _wide


def fft(a, n=None, axis=-1, norm=None): return ndarray(torch.fft.fft(_wide(_tensor(a)), n, axis))
def ifft(a, n=None, axis=-1, norm=None): return ndarray(torch.fft.ifft(_wide(_tensor(a)), n, axis))
def rfft(a, n=None, axis=-1, norm=None): return ndarray(torch.fft.rfft(_wide(_tensor(a)), n, axis))
def irfft(a, n=None, axis=-1, norm=None): return ndarray(torch.fft.irfft(_tensor(a), n, axis))
def fft2(a, s=None, axes=(-2, -1), norm=None): return ndarray(torch.fft.fft2(_wide(_tensor(a)), s, axes))
def ifft2(a, s=None, axes=(-2, -1), norm=None): return ndarray(torch.fft.ifft2(_wide(_tensor(a)), s, axes))
def fftshift(x, axes=None): return ndarray(torch.empty_like(_tensor(x)))
def ifftshift(x, axes=None): return ndarray(torch.empty_like(_tensor(x)))
def fftfreq(n, d=1.0): return ndarray(torch.empty(n, dtype=float64))
def rfftfreq(n, d=1.0): return ndarray(torch.empty(n // 2 + 1, dtype=float64))
