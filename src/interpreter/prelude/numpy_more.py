"""Still more of numpy's functions, as far as shapes flow through them: grids, windows, statistics, joining, sets of numbers."""

import torch
from shapescope import some_of, some_tensor, some_text

from .numpy import _all, _dtype, _operand, _over, _shape, _tensor, _together, arange, array, bool_, _described, float64, int64, linspace, max, mean, min, ndarray, sum


def _maybe(): return some_text() == ''
def _some_number(): return len(some_of(0))
def _some(tensor): return ndarray(torch.empty(_some_number(), dtype=tensor.dtype))
def _like(a, dtype): return ndarray(torch.empty_like(_tensor(a), dtype=dtype))
def _floats(tensor): return tensor if tensor.is_floating_point() or tensor.is_complex() else tensor.to(float64)


def _wide(tensor):
    """Of float64, or of a dtype that hangs on NumPy's release."""
    return tensor.to(some_tensor().dtype if tensor.is_floating_point() and tensor.dtype != float64 else float64)


# Kinds of number, and what is known of them.

class generic: pass
class number(generic): pass
class integer(number): pass
class inexact(number): pass
class floating(inexact): pass


def dtype(given): return _described(given) or _dtype(given)
def iinfo(given): return torch.iinfo(_dtype(given))
def finfo(given): return torch.finfo(_dtype(given))
def set_printoptions(*args, **kwargs): return None


class errstate:
    def __init__(self, **kwargs): pass
    def __enter__(self): return None
    def __exit__(self, *error): return None


# Grids and indices.

def _steps(part):
    if isinstance(part.step, complex):
        return linspace(0, 1, _some_number()).tensor
    start, step = 0 if part.start is None else part.start, 1 if part.step is None else part.step
    return arange(start, part.stop, step).tensor


class _Grid:
    def __init__(self, is_open):
        self.is_open = is_open

    def __getitem__(self, parts):
        if not isinstance(parts, tuple):
            return ndarray(_steps(parts))
        steps = [_steps(part) for part in parts]
        if self.is_open:
            return ix_(*[ndarray(s) for s in steps])
        return ndarray(torch.stack(torch.meshgrid(steps, indexing='ij')))


mgrid, ogrid = _Grid(False), _Grid(True)


def ix_(*args):
    tensors, size = _all(args), len(args)
    return tuple([ndarray(t.reshape([-1 if i == at else 1 for i in range(size)])) for at, t in enumerate(tensors)])


def indices(dimensions, dtype=None):
    return ndarray(torch.stack(torch.meshgrid([torch.arange(n) for n in dimensions], indexing='ij')))


def tril_indices(n, k=0, m=None):
    places = torch.tril_indices(n, n if m is None else m, k)
    return ndarray(places[0]), ndarray(places[1])


def triu_indices(n, k=0, m=None):
    places = torch.triu_indices(n, n if m is None else m, k)
    return ndarray(places[0]), ndarray(places[1])


def unravel_index(indices, shape): return tuple([_like(indices, int64) for _ in shape])
def ravel_multi_index(multi_index, dims): return ndarray(torch.empty(torch.broadcast_shapes(*[t.shape for t in _all(multi_index)]), dtype=int64))


def take(a, indices, axis=None):
    tensor, places = _tensor(a), _tensor(indices)
    if axis is None:
        return ndarray(torch.empty(places.shape, dtype=tensor.dtype))
    at = axis % tensor.ndim
    shape = tuple(tensor.shape)
    return ndarray(torch.empty((*shape[:at], *places.shape, *shape[at + 1:]), dtype=tensor.dtype))


def take_along_axis(arr, indices, axis=-1):
    return ndarray(torch.take_along_dim(_tensor(arr), _tensor(indices).to(int64), axis))


def _rewritten(array):
    array.tensor = torch.empty_like(array.tensor)


def put_along_axis(arr, indices, values, axis): _rewritten(arr)
def fill_diagonal(a, val, wrap=False): _rewritten(a)


# Windows and filters.

def convolve(a, v, mode='full'):
    left, right = _tensor(a), _tensor(v)
    n, m = left.shape[0], right.shape[0]
    longest, shortest = (n, m) if n >= m else (m, n)
    size = {'full': n + m - 1, 'same': longest, 'valid': longest - shortest + 1}[mode]
    return ndarray(torch.empty(size, dtype=torch.promote_types(left.dtype, right.dtype)))


def correlate(a, v, mode='valid'): return convolve(a, v, mode)


def sliding_window_view(x, window_shape, axis=None):
    tensor = _tensor(x)
    windows = _shape(window_shape)
    axes = range(tensor.ndim) if axis is None else _shape(axis)
    for at, size in zip(axes, windows):
        tensor = tensor.unfold(at, size, 1)
    return ndarray(tensor)


def as_strided(x, shape, strides=None): return ndarray(torch.empty(shape, dtype=_tensor(x).dtype))


class lib:
    class stride_tricks:
        sliding_window_view = staticmethod(sliding_window_view)
        as_strided = staticmethod(as_strided)


def hanning(M): return ndarray(torch.empty(M, dtype=float64))


hamming = blackman = bartlett = hanning


# Statistics.

def quantile(a, q, axis=None, out=None, overwrite_input=False, method='linear', keepdims=False):
    reduced = mean(_wide(_tensor(a)), axis, keepdims=keepdims).tensor
    return ndarray(torch.empty((*_tensor(q).shape, *reduced.shape), dtype=reduced.dtype))


def percentile(a, q, axis=None, out=None, overwrite_input=False, method='linear', keepdims=False):
    return quantile(a, q, axis, keepdims=keepdims)


nanmean = nanstd = nanvar = mean
nansum, nanmax, nanmin, nanpercentile, nanquantile = sum, max, min, percentile, quantile


def ptp(a, axis=None, out=None, keepdims=False): return max(a, axis, keepdims=keepdims) - min(a, axis, keepdims=keepdims)


def average(a, axis=None, weights=None, returned=False):
    made = mean(a, axis).tensor
    return ndarray(made if weights is None else made.to(torch.promote_types(made.dtype, _tensor(weights).dtype)))


def count_nonzero(a, axis=None, keepdims=False): return _over((_tensor(a) != 0).to(int64), axis, keepdims, torch.sum)


def _pairs(m, y, rowvar):
    rows = torch.atleast_2d(_tensor(m))
    rows = rows if rowvar or rows.shape[0] == 1 else rows.T
    count = rows.shape[0] + (0 if y is None else torch.atleast_2d(_tensor(y)).shape[0])
    return ndarray(torch.empty(() if y is None and _tensor(m).ndim < 2 else (count, count), dtype=float64), False)


def corrcoef(x, y=None, rowvar=True): return _pairs(x, y, rowvar)
def cov(m, y=None, rowvar=True, bias=False, ddof=None): return _pairs(m, y, rowvar)


def histogram(a, bins=10, range=None, density=None, weights=None):
    tensor = _tensor(a)
    size = bins if isinstance(bins, int) else len(bins) - 1
    counted = int64 if weights is None and not density else some_tensor().dtype
    edges = _wide(tensor).dtype if isinstance(bins, int) else _tensor(bins).dtype
    return ndarray(torch.empty(size, dtype=counted)), ndarray(torch.empty(size + 1, dtype=edges))


def polyfit(x, y, deg): return ndarray(torch.empty((deg + 1, *_tensor(y).shape[1:]), dtype=float64))
def trapezoid(y, x=None, dx=1.0, axis=-1): return ndarray(torch.empty_like(_wide(_tensor(y)).mean(axis)))


trapz = trapezoid


def gradient(f, *varargs, axis=None, edge_order=1):
    made = _floats(_tensor(f))
    if made.ndim == 1 or isinstance(axis, int):
        return ndarray(torch.empty_like(made))
    return [ndarray(torch.empty_like(made)) for _ in (range(made.ndim) if axis is None else axis)]


def array_equal(a1, a2, equal_nan=False): return _maybe()
def allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False): return _maybe()
def isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False): return ndarray(torch.eq(_tensor(a), _tensor(b)))


# Order, sets, and parts.

def isin(element, test_elements, assume_unique=False, invert=False): return _like(element, bool_)
def intersect1d(ar1, ar2): return _some(_tensor(ar1))
def setdiff1d(ar1, ar2): return _some(_tensor(ar1))
def union1d(ar1, ar2): return _some(_tensor(ar1))
def lexsort(keys, axis=-1): return _like(keys[-1], int64)
def partition(a, kth, axis=-1): return ndarray(torch.empty_like(_tensor(a)))
def argpartition(a, kth, axis=-1): return _like(a, int64)
def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None): return ndarray(_tensor(x).clone())
def flipud(m): return ndarray(_tensor(m).flip(0))
def fliplr(m): return ndarray(_tensor(m).flip(1))
def rot90(m, k=1, axes=(0, 1)): return ndarray(torch.rot90(_tensor(m), k, axes))
def diag(v, k=0): return ndarray(torch.diag(_tensor(v), k))
def diagonal(a, offset=0, axis1=0, axis2=1): return ndarray(torch.diagonal(_tensor(a), offset, axis1, axis2))
def trace(a): return ndarray(torch.trace(_tensor(a)))
def kron(a, b): return ndarray(torch.kron(*_together([a, b])))
def dstack(tup): return ndarray(torch.dstack(_together(tup)))
def row_stack(tup): return ndarray(torch.vstack(_together(tup)))
def resize(a, new_shape): return ndarray(torch.empty(_shape(new_shape), dtype=_tensor(a).dtype))


def append(arr, values, axis=None):
    tensors = _together([arr, values])
    return ndarray(torch.cat([t.flatten() for t in tensors]) if axis is None else torch.cat(tensors, axis))


def delete(arr, obj, axis=None):
    tensor = _tensor(arr).flatten() if axis is None else _tensor(arr)
    at = 0 if axis is None else axis % tensor.ndim
    left = tensor.shape[at] - 1 if isinstance(obj, int) else _some_number()
    return ndarray(torch.empty([left if i == at else n for i, n in enumerate(tensor.shape)], dtype=tensor.dtype))


def insert(arr, obj, values, axis=None):
    tensor = _tensor(arr).flatten() if axis is None else _tensor(arr)
    at = 0 if axis is None else axis % tensor.ndim
    more = tensor.shape[at] + 1 if isinstance(obj, int) and isinstance(values, (int, float)) else _some_number()
    return ndarray(torch.empty([more if i == at else n for i, n in enumerate(tensor.shape)], dtype=tensor.dtype))


# What is read.

def frombuffer(buffer, dtype=float64, count=-1, offset=0): return ndarray(torch.empty(_some_number(), dtype=_dtype(dtype)))
def fromiter(iter, dtype, count=-1): return ndarray(torch.empty(_some_number(), dtype=_dtype(dtype)))
def loadtxt(fname, dtype=float64, **kwargs): return ndarray(some_tensor().to(_dtype(dtype)))
def genfromtxt(fname, dtype=float64, **kwargs): return ndarray(some_tensor())


# Elementwise.

def mod(x1, x2): return ndarray(_tensor(x1) % _operand(x2))
def floor_divide(x1, x2): return ndarray(_tensor(x1) // _operand(x2))
def logaddexp(x1, x2): return ndarray(torch.logaddexp(_floats(_tensor(x1)), _floats(_tensor(x2))))
def bitwise_and(x1, x2): return ndarray(_tensor(x1) & _operand(x2))
def bitwise_or(x1, x2): return ndarray(_tensor(x1) | _operand(x2))
def sinc(x): return ndarray(torch.empty_like(_floats(_tensor(x))))


remainder = mod
