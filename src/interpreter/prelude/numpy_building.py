"""Arrays of numpy that are built from others, products of two, and indices as objects, as far as shapes flow through them."""

import itertools

import torch
from shapescope import some_of

from .numpy import _all, _common, _dtype, _over, _shape, _tensor, _together, arange, argmax, array, concatenate, float64, int64, linspace, ndarray, split
from .numpy_functions import median


# Indices.

class _Written:
    """`s_[:, 1]`: an index as it is written."""

    def __getitem__(self, index):
        return index


s_ = index_exp = _Written()


def ndindex(*shape): return itertools.product(*[range(n) for n in (shape[0] if len(shape) == 1 and isinstance(shape[0], (tuple, list)) else shape)])
def diag_indices(n, ndim=2): return tuple([arange(n) for _ in range(ndim)])


# Parts.

def shape(a): return tuple(_tensor(a).shape)
def ndim(a): return _tensor(a).ndim
def size(a, axis=None): return _tensor(a).numel() if axis is None else _tensor(a).shape[axis]
def copy(a, order='K'): return array(a).copy(order)
def hsplit(ary, sections): return split(ary, sections, 0 if _tensor(ary).ndim == 1 else 1)
def vsplit(ary, sections): return split(ary, sections, 0)
def dsplit(ary, sections): return split(ary, sections, 2)
def extract(condition, arr): return ndarray(_tensor(arr).flatten()[_tensor(condition).flatten().to(torch.bool)])
def ediff1d(ary): return ndarray(torch.diff(_tensor(ary).flatten()))
def trim_zeros(filt, trim='fb'): return ndarray(torch.empty(len(some_of(0)), dtype=_tensor(filt).dtype))
def setxor1d(ar1, ar2): return trim_zeros(ar1)
def rollaxis(a, axis, start=0): return ndarray(_tensor(a).movedim(axis, start))
def permute_dims(a, axes=None): return array(a).transpose(*(() if axes is None else axes))
def matrix_transpose(x): return ndarray(_tensor(x).transpose(-1, -2))


asanyarray = array

nanargmax = nanargmin = argmax
nanmedian, concat = median, concatenate


def asfortranarray(a, dtype=None): return array(a, dtype).copy('F')


# Built of others.

class _Joined:
    """`r_[0:3, 5]`: rows of numbers one after another; `c_[a, b]`: vectors side by side."""

    def __init__(self, are_columns):
        self.are_columns = are_columns

    def __getitem__(self, parts):
        tensors = [_row(part) for part in (parts if isinstance(parts, tuple) else (parts,))]
        return ndarray(torch.column_stack(_together(tensors)) if self.are_columns else torch.cat(_together(tensors)))


def _row(part):
    if isinstance(part, slice):
        start, step = 0 if part.start is None else part.start, 1 if part.step is None else part.step
        return linspace(start, part.stop, int(step.imag)).tensor if isinstance(step, complex) else arange(start, part.stop, step).tensor
    return torch.atleast_1d(_tensor(part))


r_, c_ = _Joined(False), _Joined(True)


def _depth(arrays): return 1 + _depth(arrays[0]) if isinstance(arrays, list) else 0


def _block(arrays, depth, ndim):
    if isinstance(arrays, list):
        return torch.cat(_together([_block(part, depth - 1, ndim) for part in arrays]), -depth)
    tensor = _tensor(arrays)
    return tensor if tensor.ndim >= ndim else tensor.reshape((*[1] * (ndim - tensor.ndim), *tensor.shape))


def block(arrays): return ndarray(_block(arrays, _depth(arrays), _depth(arrays)))
def broadcast_arrays(*args): return tuple([ndarray(t) for t in torch.broadcast_tensors(*_all(args))])
def broadcast_shapes(*args): return tuple(torch.broadcast_shapes(*args))
def geomspace(start, stop, num=50, endpoint=True, dtype=None): return linspace(start, stop, num, dtype=dtype)
def tri(N, M=None, k=0, dtype=None): return ndarray(torch.empty((N, N if M is None else M), dtype=_dtype(dtype, float64)))
def vander(x, N=None, increasing=False): return ndarray(torch.vander(_tensor(x), N))
def diagflat(v, k=0): return ndarray(torch.diagflat(_tensor(v), k))
def atleast_3d(a):
    tensor = _tensor(a)
    return ndarray(tensor[:, :, None] if tensor.ndim == 2 else tensor[None, :, None] if tensor.ndim == 1 else torch.atleast_3d(tensor))


def select(condlist, choicelist, default=0):
    found = torch.broadcast_tensors(*_all(condlist), *_together(choicelist))
    return ndarray(found[-1].contiguous())


# Products of two.

def inner(a, b): return ndarray(torch.inner(*_together([a, b])))
def vdot(a, b): return ndarray(torch.dot(*[t.flatten() for t in _together([a, b])]))
def tensordot(a, b, axes=2): return ndarray(torch.tensordot(*_together([a, b]), axes))
def cross(a, b, axis=-1): return ndarray(torch.linalg.cross(*_together([a, b]), dim=axis))


# What is made of the values.

def polyval(p, x): return ndarray(torch.empty_like(_tensor(x), dtype=_common(_tensor(p).dtype, _tensor(x).dtype)))
def unwrap(p, axis=-1): return ndarray(torch.empty_like(_tensor(p)))
def nancumsum(a, axis=None): return array(a).cumsum(axis)
def histogram_bin_edges(a, bins=10, range=None): return ndarray(torch.empty(bins + 1, dtype=float64))
def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    rows = _tensor(arr).movedim(axis, -1)
    made = _tensor(func1d(ndarray(rows.flatten(0, -2)[0]), *args, **kwargs))
    out = torch.empty((*rows.shape[:-1], *made.shape), dtype=made.dtype)
    return ndarray(out if made.ndim == 0 else out.movedim(-1, axis))
