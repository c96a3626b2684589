"""numpy.linalg as far as shapes flow through it."""

import torch

from .numpy import _over, _tensor, float64, ndarray


def _floats(a):
    tensor = _tensor(a)
    return tensor if tensor.is_floating_point() or tensor.is_complex() else tensor.to(float64)


def norm(x, ord=None, axis=None, keepdims=False): return _over(_floats(x), axis, keepdims, torch.mean)
def inv(a): return ndarray(torch.linalg.inv(_floats(a)))
def det(a): return ndarray(torch.linalg.det(_floats(a)))
def solve(a, b): return ndarray(torch.linalg.solve(_floats(a), _floats(b)))
def eigh(a): return tuple([ndarray(t) for t in torch.linalg.eigh(_floats(a))])
def svd(a, full_matrices=True): return tuple([ndarray(t) for t in torch.linalg.svd(_floats(a), full_matrices)])
def qr(a, mode='reduced'): return tuple([ndarray(t) for t in torch.linalg.qr(_floats(a), mode)])
def cholesky(a): return ndarray(torch.linalg.cholesky(_floats(a)))
def pinv(a): return ndarray(torch.linalg.pinv(_floats(a)))
def eigvalsh(a): return ndarray(torch.linalg.eigvalsh(_floats(a)))
def slogdet(a): return tuple([ndarray(t) for t in torch.linalg.slogdet(_floats(a))])
def matrix_power(a, n): return ndarray(torch.empty_like(_tensor(a)))
def multi_dot(arrays): return ndarray(torch.linalg.multi_dot([_tensor(a) for a in arrays]))
