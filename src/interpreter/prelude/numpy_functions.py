"""More of numpy's functions, as far as shapes flow through them: differences, sets, tests, places, and elementwise ones."""

import math

import torch
import torch.nn.functional as F

from .numpy import _elementwise, _operand, _over, _tensor, _together, bool_, float64, int64, ndarray

log1p, expm1, exp2 = _elementwise(torch.log1p, math.log1p), _elementwise(torch.expm1, math.expm1), _elementwise(torch.exp2, math.exp2)
arcsin, arccos, arctan = _elementwise(torch.asin, math.asin), _elementwise(torch.acos, math.acos), _elementwise(torch.atan, math.atan)
sinh, cosh, degrees = _elementwise(torch.sinh, math.sinh), _elementwise(torch.cosh, math.cosh), _elementwise(torch.rad2deg, math.degrees)
deg2rad, rad2deg = _elementwise(torch.deg2rad, math.radians), degrees


def sign(x): return ndarray(torch.sign(_tensor(x)))
def square(x): return x * x if isinstance(x, (int, float)) else ndarray(_tensor(x) * _tensor(x))
def isinf(x): return ndarray(torch.isinf(_tensor(x)))
def isfinite(x): return ndarray(torch.isfinite(_tensor(x)))
def logical_not(x): return ndarray(torch.logical_not(_tensor(x)))
def logical_and(x1, x2): return ndarray(torch.logical_and(_tensor(x1), _tensor(x2)))
def logical_or(x1, x2): return ndarray(torch.logical_or(_tensor(x1), _tensor(x2)))
def add(x1, x2): return ndarray(_operand(x1) + _operand(x2))
def subtract(x1, x2): return ndarray(_operand(x1) - _operand(x2))
def multiply(x1, x2): return ndarray(_operand(x1) * _operand(x2))


def arctan2(x1, x2):
    return ndarray(torch.atan2(_tensor(x1).to(float64), _tensor(x2).to(float64)))


def diff(a, n=1, axis=-1): return ndarray(torch.diff(_tensor(a), n, axis))


def interp(x, xp, fp, left=None, right=None, period=None):
    return ndarray(torch.empty_like(_tensor(x), dtype=float64))


def cumprod(a, axis=None):
    tensor = _tensor(a)
    return ndarray(tensor.flatten().cumprod(0) if axis is None else tensor.cumprod(axis))


def median(a, axis=None, keepdims=False):
    tensor = _tensor(a)
    return _over(tensor if tensor.is_floating_point() else tensor.to(float64), axis, keepdims, torch.mean)


def any(a, axis=None, out=None, keepdims=False): return _over(_tensor(a).to(bool_), axis, keepdims, torch.any)
def all(a, axis=None, out=None, keepdims=False): return _over(_tensor(a).to(bool_), axis, keepdims, torch.all)
def nonzero(a): return tuple([ndarray(t) for t in torch.where(_tensor(a))])
def argwhere(a): return ndarray(torch.nonzero(_tensor(a)))
def flatnonzero(a): return ndarray(torch.nonzero(_tensor(a).flatten())[:, 0])
def bincount(x, weights=None, minlength=0): return ndarray(torch.bincount(_tensor(x), None, minlength))
def searchsorted(a, v, side='left'): return ndarray(torch.empty_like(_tensor(v), dtype=int64))
def digitize(x, bins, right=False): return ndarray(torch.empty_like(_tensor(x), dtype=int64))


def unique(ar, return_index=False, return_inverse=False, return_counts=False, axis=None):
    tensor = _tensor(ar)
    values = torch.unique(tensor) if axis is None else torch.unique(tensor, dim=axis)
    places = torch.empty(len(values), dtype=int64)
    inverse = torch.empty(tensor.shape if axis is None else (tensor.shape[axis],), dtype=int64)
    more = [(return_index, places), (return_inverse, inverse), (return_counts, places)]
    found = [ndarray(values)] + [ndarray(t) for asked, t in more if asked]
    return found[0] if len(found) == 1 else tuple(found)


def pad(array, pad_width, mode='constant', **kwargs):
    tensor = _tensor(array)
    widths = [pad_width] * tensor.ndim if isinstance(pad_width, int) else pad_width
    pairs = [(w, w) if isinstance(w, int) else (w[0], w[-1]) for w in widths]
    if len(pairs) < tensor.ndim:
        pairs = [pairs[0]] * tensor.ndim
    return ndarray(F.pad(tensor, [n for before, after in reversed(pairs) for n in (before, after)]))


def column_stack(tup): return ndarray(torch.column_stack(_together(tup)))
def atleast_1d(a): return ndarray(torch.atleast_1d(_tensor(a)))
def atleast_2d(a): return ndarray(torch.atleast_2d(_tensor(a)))
