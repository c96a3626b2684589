"""NumPy as far as shapes flow through it: an array holds the tensor that has its shape and dtype."""

import math

import torch
from shapescope import in_any_layout, is_surely_tensor, is_tensor, may_be_tensor, some_tensor

float16, float32, float64 = torch.float16, torch.float32, torch.float64
int8, int16, int32, int64, uint8 = torch.int8, torch.int16, torch.int32, torch.int64, torch.uint8
uint16, uint32, uint64, uint = torch.uint16, torch.uint32, torch.uint64, torch.uint64
bool_, complex64, complex128 = torch.bool, torch.complex64, torch.complex128
half, single, double, float_, int_, longlong = float16, float32, float64, float64, int64, int64
pi, e, inf, nan, newaxis = math.pi, math.e, math.inf, math.nan, None
_dtypes = {'float16': float16, 'float32': float32, 'float64': float64, 'int8': int8, 'int16': int16, 'int32': int32,
           'int64': int64, 'uint8': uint8, 'bool': bool_, 'complex64': complex64, 'complex128': complex128,
           'uint16': uint16, 'uint32': uint32, 'float': float64, 'int': int64, 'f2': float16, 'f4': float32, 'f8': float64,
           'i1': int8, 'i2': int16, 'i4': int32, 'i8': int64, 'u1': uint8, '?': bool_, 'c8': complex64}


def _dtype(given, default=None):
    if given is None:
        return default
    if isinstance(given, str):
        return _dtypes.get(given.lstrip('<>=|'), default)
    if given is float:
        return float64
    if given is int:
        return int64
    return bool_ if given is bool else given


def _tensor(value):
    """The tensor of an array, a tensor, a number or a sequence."""
    if isinstance(value, ndarray):
        return value.tensor
    if is_tensor(value):
        return value.detach()
    if isinstance(value, (list, tuple)) and len(value) > 0 and (
            isinstance(value[0], ndarray) or is_tensor(value[0])):
        return torch.stack(_together(value))
    if isinstance(value, float):
        return torch.tensor(value, dtype=float64)
    if isinstance(value, str) or isinstance(value, (list, tuple)) and len(value) > 0 and isinstance(value[0], str):
        return torch.empty(() if isinstance(value, str) else len(value), dtype=some_tensor().dtype)
    made = torch.tensor(value)
    return made.to(float64) if made.dtype == float32 else made


def _operand(value):
    """What an operation on an array takes: numbers stay numbers."""
    return value if isinstance(value, (int, float, bool, complex)) else _tensor(value)


def _over(tensor, axis, keepdims, reduce):
    """A reduction, whose result without dims is a number of NumPy's."""
    if axis is None and not keepdims:
        return ndarray(reduce(tensor.flatten(), 0, False))
    if axis is None:
        return ndarray(reduce(tensor, tuple(range(tensor.ndim)), True))
    return ndarray(reduce(tensor, axis, keepdims))


_widths = {torch.int8: 1, torch.uint8: 1, torch.bool: 1, torch.int16: 2, torch.float16: 2}


def _common(one, other):
    """The dtype that holds both: a float as wide as the whole numbers need."""
    both = torch.promote_types(one, other)
    if not both.is_floating_point or one.is_floating_point and other.is_floating_point or both == float64:
        return both
    width = _widths.get(other if one.is_floating_point else one, 4)
    return both if width == 1 else torch.promote_types(both, float64 if width == 4 else float32)


def _all(arrays): return [_tensor(a) for a in arrays]


def _turned(tensor):
    return tensor.permute(tuple(reversed(range(tensor.ndim))))


def _ordered(tensor, order):
    """A copy with the rows one after another in memory (C), the columns (F), or as before (K, A)."""
    return tensor.contiguous() if order == 'C' else _turned(_turned(tensor).contiguous()) if order == 'F' else tensor


def _reshaped(tensor, shape, order):
    if order == 'C':
        return tensor.reshape(*shape)
    sizes = shape[0] if len(shape) == 1 and isinstance(shape[0], (tuple, list)) else shape
    turned = _turned(_turned(tensor).reshape(tuple(reversed(sizes))))
    return turned if order == 'F' else in_any_layout(tensor.reshape(*shape))


def _joined(tensors, made):
    """Arrays that all lie otherwise in memory may give one that does."""
    return ndarray(made if all([t.is_contiguous() for t in tensors]) else in_any_layout(made))


def _together(arrays, dtype=None):
    """The tensors of arrays that become one, of the dtype that holds all."""
    tensors = _all(arrays)
    if dtype is None:
        dtype = tensors[0].dtype
        for tensor in tensors[1:]:
            if tensor.dtype != dtype:
                dtype = _common(dtype, tensor.dtype)
    return [tensor.to(_dtype(dtype)) for tensor in tensors]


def _paired(one, other):
    """Two operands as an operation takes them: numbers stay numbers, and give way to what an array is of."""
    if is_surely_tensor(one) and is_surely_tensor(other):
        return _together([one, other]) if one.dtype != other.dtype else (one, other)
    if is_surely_tensor(other):
        return (one, other.to(float64)) if _widens(one, other) else (one, other)
    return (one.to(float64), other) if is_surely_tensor(one) and _widens(other, one) else (one, other)


def _widens(number, tensor):
    return isinstance(number, float) and not (tensor.is_floating_point() or tensor.is_complex())


def _applied(array, other, operate):
    """With a tensor an operation gives a tensor, for which NumPy's numbers are like Python's."""
    if is_surely_tensor(other):
        return operate(array.tensor.item() if array.is_number and array.tensor.ndim == 0 else array.tensor, other)
    tensor, operand = _paired(array.tensor, _operand(other))
    return ndarray(operate(tensor, operand))


def _in_place(array, other, operate):
    """An array stays the one it is, with its dtype; a number becomes another."""
    made = _applied(array, other, operate)
    if array.is_number and array.tensor.ndim == 0:
        return made
    array.tensor[...] = _operand(made)
    return array


class ndarray:
    """An array. What is without dims is one of NumPy's numbers, unless it was made as an array or is another form of one."""

    def __init__(self, shape, is_number=True, buffer=None, offset=0, strides=None, order='C', dtype=None):
        """From a tensor; programs give a shape and, as what comes next, a dtype."""
        if may_be_tensor(shape):
            self.tensor = shape
            self.is_number = is_number
        else:
            made = empty(shape, is_number if dtype is None and is_number is not True else dtype, order)
            self.tensor = made.tensor if strides is None else in_any_layout(made.tensor)
            self.is_number = False

    @property
    def shape(self):
        return tuple(self.tensor.shape)

    @property
    def ndim(self):
        return self.tensor.ndim

    @property
    def size(self):
        return self.tensor.numel()

    @property
    def dtype(self):
        return self.tensor.dtype

    @property
    def T(self):
        return self.transpose()

    def __bool__(self): return self.tensor.item() != 0
    def __int__(self): return int(self.tensor)
    def __float__(self): return float(self.tensor)

    def __len__(self):
        return self.tensor.shape[0]

    def __iter__(self):
        return iter([ndarray(t) for t in self.tensor])

    def __getitem__(self, index):
        parts = index if isinstance(index, tuple) else (index,)
        if not any([_is_backward(part) for part in parts]):
            return ndarray(self.tensor[_index(index)])
        tensor, forward = self.tensor, []
        for i, part in enumerate(parts):
            if _is_backward(part):
                dim = i - (len(parts) if any([p is ... for p in parts[:i]]) else 0)
                tensor, part = torch.flip(tensor, (dim,)), _forward(part, tensor.shape[dim])
            forward.append(_index(part))
        return ndarray(tensor[tuple(forward)])

    def __setitem__(self, index, value):
        self.tensor[_index(index)] = _operand(value)

    def __array__(self):
        return self

    def __add__(self, other): return _applied(self, other, lambda a, b: a + b)
    def __radd__(self, other): return _applied(self, other, lambda a, b: b + a)
    def __sub__(self, other): return _applied(self, other, lambda a, b: a - b)
    def __rsub__(self, other): return _applied(self, other, lambda a, b: b - a)
    def __mul__(self, other): return _applied(self, other, lambda a, b: a * b)
    def __rmul__(self, other): return _applied(self, other, lambda a, b: b * a)
    def __truediv__(self, other): return _applied(self, other, lambda a, b: _divided(a, b))
    def __rtruediv__(self, other): return _applied(self, other, lambda a, b: _divided(a, b, True))
    def __floordiv__(self, other): return _applied(self, other, lambda a, b: a // b)
    def __rfloordiv__(self, other): return _applied(self, other, lambda a, b: b // a)
    def __mod__(self, other): return _applied(self, other, lambda a, b: a % b)
    def __rmod__(self, other): return _applied(self, other, lambda a, b: b % a)
    def __pow__(self, other): return _applied(self, other, lambda a, b: a ** b)
    def __rpow__(self, other): return _applied(self, other, lambda a, b: b ** a)
    def __and__(self, other): return _applied(self, other, lambda a, b: a & b)
    def __or__(self, other): return _applied(self, other, lambda a, b: a | b)
    def __xor__(self, other): return _applied(self, other, lambda a, b: a ^ b)
    def __iadd__(self, other): return _in_place(self, other, lambda a, b: a + b)
    def __isub__(self, other): return _in_place(self, other, lambda a, b: a - b)
    def __imul__(self, other): return _in_place(self, other, lambda a, b: a * b)
    def __itruediv__(self, other): return _in_place(self, other, lambda a, b: _divided(a, b))
    def __abs__(self): return ndarray(self.tensor.abs())
    def __matmul__(self, other): return matmul(self, other)
    def __neg__(self): return ndarray(-self.tensor)
    def __invert__(self): return ndarray(~self.tensor)
    def __eq__(self, other): return _applied(self, other, lambda a, b: a == b)
    def __ne__(self, other): return _applied(self, other, lambda a, b: a != b)
    def __lt__(self, other): return _applied(self, other, lambda a, b: a < b)
    def __le__(self, other): return _applied(self, other, lambda a, b: a <= b)
    def __gt__(self, other): return _applied(self, other, lambda a, b: a > b)
    def __ge__(self, other): return _applied(self, other, lambda a, b: a >= b)

    @property
    def real(self): return ndarray(self.tensor.real if self.tensor.is_complex() else self.tensor)

    @property
    def imag(self): return ndarray(self.tensor.imag if self.tensor.is_complex() else torch.zeros_like(self.tensor))

    @property
    def flat(self): return ndarray(self.tensor.flatten())

    def astype(self, dtype, copy=True):
        return ndarray(self.tensor.to(_dtype(dtype)), self.is_number)

    def copy(self, order='C'):
        return ndarray(_ordered(self.tensor.clone(), order), self.is_number)

    def reshape(self, *shape, order='C'):
        return ndarray(_reshaped(self.tensor, shape, order), False)

    def transpose(self, *axes):
        order = axes[0] if len(axes) == 1 and isinstance(axes[0], (tuple, list)) else axes
        if len(order) == 0:
            order = tuple(reversed(range(self.tensor.ndim)))
        return ndarray(self.tensor.permute(order))

    def swapaxes(self, axis1, axis2):
        return ndarray(self.tensor.transpose(axis1, axis2))

    def flatten(self, order='C'):
        return ndarray(_reshaped(self.tensor, (-1,), order))

    def ravel(self, order='C'):
        return ndarray(_reshaped(self.tensor, (-1,), order))

    def squeeze(self, axis=None):
        return ndarray(self.tensor.squeeze() if axis is None else self.tensor.squeeze(axis), False)

    def repeat(self, repeats, axis=None):
        return repeat(self, repeats, axis)

    def sum(self, axis=None, dtype=None, out=None, keepdims=False): return sum(self, axis, keepdims=keepdims)
    def mean(self, axis=None, dtype=None, out=None, keepdims=False): return mean(self, axis, keepdims=keepdims)
    def std(self, axis=None, dtype=None, out=None, ddof=0, keepdims=False): return mean(self, axis, keepdims=keepdims)
    def var(self, axis=None, dtype=None, out=None, ddof=0, keepdims=False): return mean(self, axis, keepdims=keepdims)
    def max(self, axis=None, out=None, keepdims=False): return max(self, axis, keepdims=keepdims)
    def min(self, axis=None, out=None, keepdims=False): return min(self, axis, keepdims=keepdims)
    def prod(self, axis=None, dtype=None, out=None, keepdims=False): return prod(self, axis, keepdims=keepdims)
    def any(self, axis=None, out=None, keepdims=False): return _over(self.tensor, axis, keepdims, torch.any)
    def all(self, axis=None, out=None, keepdims=False): return _over(self.tensor, axis, keepdims, torch.all)
    def argmax(self, axis=None): return argmax(self, axis)
    def argmin(self, axis=None): return argmax(self, axis)
    def argsort(self, axis=-1): return argsort(self, axis)
    def cumsum(self, axis=None): return cumsum(self, axis)
    def clip(self, min=None, max=None): return clip(self, min, max)
    def round(self, decimals=0): return round(self, decimals)
    def dot(self, other): return dot(self, other)
    def conj(self): return ndarray(self.tensor.clone())
    def nonzero(self): return tuple([ndarray(t) for t in torch.where(self.tensor)])
    def take(self, indices, axis=None): return take(self, indices, axis)
    def diagonal(self, offset=0, axis1=0, axis2=1): return ndarray(torch.diagonal(self.tensor, offset, axis1, axis2))
    def trace(self): return ndarray(torch.trace(self.tensor))
    def cumprod(self, axis=None): return cumprod(self, axis)
    def searchsorted(self, v, side='left'): return searchsorted(self, v, side)

    def fill(self, value):
        self.tensor = torch.full_like(self.tensor, value)

    def sort(self, axis=-1):
        self.tensor = torch.sort(self.tensor, axis).values

    def item(self, *args):
        return self.tensor.item()

    def tolist(self):
        return self.tensor.tolist()


def _is_backward(index):
    return isinstance(index, slice) and index.step is not None and index.step < 0


def _forward(index, size):
    """The same items of what was turned round."""
    start, stop = [None if at is None else -at - 1 if at < 0 else size - 1 - at for at in (index.start, index.stop)]
    return slice(start, stop, -index.step)


def _index(index):
    if isinstance(index, (ndarray, list)):
        return asarray(index).tensor
    return tuple([_index(i) for i in index]) if isinstance(index, tuple) else index


def _divided(tensor, other, is_reversed=False):
    """True division of whole numbers is float64, but for that of a number and a tensor."""
    out = other / tensor if is_reversed else tensor / other
    return out if not is_tensor(tensor) or tensor.is_floating_point() or tensor.is_complex() else out.to(float64)


def array(object, dtype=None, copy=True, ndmin=0):
    fields = _described(dtype)
    if fields is not None:
        return records_of(len(object) if isinstance(object, list) else (), fields)
    made = _tensor(object)
    asked = _dtype(dtype)
    return ndarray(made if asked is None else made.to(asked), False)


asarray = array


def ascontiguousarray(a, dtype=None): return array(a, dtype).copy()


def as_number(dtype, value=0): return ndarray(_tensor(value).to(dtype))


def _shape(shape):
    if isinstance(shape, ndarray):
        return (shape,) if shape.ndim == 0 else shape.tensor.tolist()
    return (shape,) if isinstance(shape, int) else shape


def _filled(make, shape, dtype, order, default=float64):
    fields = _described(dtype)
    if fields is not None:
        return records_of(shape, fields)
    return ndarray(_ordered(make(_shape(shape), dtype=_dtype(dtype, default)), order), False)


def zeros(shape, dtype=None, order='C'): return _filled(torch.zeros, shape, dtype, order)
def ones(shape, dtype=None, order='C'): return _filled(torch.ones, shape, dtype, order)
def empty(shape, dtype=None, order='C'): return _filled(torch.empty, shape, dtype, order)
def full(shape, fill_value, dtype=None, order='C'): return _filled(torch.empty, shape, dtype, order, _tensor(fill_value).dtype)
def zeros_like(a, dtype=None): return ndarray(torch.zeros_like(_tensor(a), dtype=_dtype(dtype)), False)
def ones_like(a, dtype=None): return ndarray(torch.ones_like(_tensor(a), dtype=_dtype(dtype)), False)
def empty_like(a, dtype=None): return ndarray(torch.empty_like(_tensor(a), dtype=_dtype(dtype)), False)
def full_like(a, fill_value, dtype=None): return ndarray(torch.empty_like(_tensor(a), dtype=_dtype(dtype)), False)


def arange(start, stop=None, step=1, dtype=None):
    made = torch.arange(0, start, step) if stop is None else torch.arange(start, stop, step)
    default = float64 if made.dtype == float32 else made.dtype
    return ndarray(made.to(_dtype(dtype, default)))


def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None):
    return ndarray(torch.linspace(0, 1, num, dtype=_dtype(dtype, float64)))


logspace = linspace


def eye(N, M=None, k=0, dtype=None): return ndarray(torch.eye(N, N if M is None else M, dtype=_dtype(dtype, float64)))
def identity(n, dtype=None): return eye(n, dtype=dtype)


def concatenate(arrays, axis=0, out=None, dtype=None, casting='same_kind'):
    tensors = _together(arrays, dtype)
    if axis is None:
        return ndarray(torch.cat([t.flatten() for t in tensors], 0))
    return _joined(tensors, torch.cat(tensors, axis))


def _joining(join):
    def joined(tup, dtype=None, casting='same_kind'):
        tensors = _together(tup, dtype)
        return _joined(tensors, join(tensors))
    return joined


def stack(arrays, axis=0, out=None, dtype=None, casting='same_kind'):
    tensors = _together(arrays, dtype)
    return _joined(tensors, torch.stack(tensors, axis))


vstack, hstack = _joining(torch.vstack), _joining(torch.hstack)
def meshgrid(*xi, indexing='xy'): return [ndarray(t) for t in torch.meshgrid(_all(xi), indexing=indexing)]
def split(ary, sections, axis=0): return [ndarray(t) for t in torch.tensor_split(_tensor(ary), sections, axis)]


array_split = split


def expand_dims(a, axis): return ndarray(_tensor(a).unsqueeze(axis))
def squeeze(a, axis=None): return array(a).squeeze(axis)
def reshape(a, shape, order='C'): return array(a).reshape(shape, order=order)
def transpose(a, axes=None): return array(a).transpose() if axes is None else array(a).transpose(axes)
def swapaxes(a, axis1, axis2): return array(a).swapaxes(axis1, axis2)
def moveaxis(a, source, destination): return ndarray(_tensor(a).movedim(source, destination))
def ravel(a, order='C'): return array(a).ravel(order)
def broadcast_to(array, shape): return ndarray(_tensor(array).expand(shape))
def roll(a, shift, axis=None): return ndarray(torch.roll(_tensor(a), shift, axis))
def triu(m, k=0): return ndarray(torch.triu(_tensor(m), k))
def tril(m, k=0): return ndarray(torch.tril(_tensor(m), k))
def _flipped(tensor, axis):
    return tensor.flip(tuple(range(tensor.ndim)) if axis is None else axis)


def _clamped(tensor, low, high):
    """Bounds of another dtype than the elements make them of that which holds both."""
    if all([bound is None or (isinstance(bound, int) and not tensor.is_floating_point()) for bound in (low, high)]):
        return tensor.clamp(low, high)
    for bound in (low, high):
        tensor = tensor if bound is None else _paired(tensor, _operand(bound))[0]
    return torch.empty_like(tensor)


def flip(m, axis=None): return ndarray(_flipped(_tensor(m), axis))
def tile(A, reps): return ndarray(torch.tile(_tensor(A), _shape(reps)))


def repeat(a, repeats, axis=None):
    tensor = _tensor(a)
    return ndarray(tensor.flatten().repeat_interleave(repeats) if axis is None else
                   tensor.repeat_interleave(repeats, axis))


def matmul(a, b):
    return ndarray(torch.matmul(*_together([a, b])))


dot = matmul


def outer(a, b): return ndarray(torch.outer(*[t.flatten() for t in _together([a, b])]))


def einsum(subscripts, *operands, optimize=False):
    return ndarray(torch.einsum(subscripts, *_together(operands)))


def where(condition, x=None, y=None):
    if x is None:
        return tuple([ndarray(t) for t in torch.where(_tensor(condition))])
    one, other = _paired(_operand(x), _operand(y))
    if not is_surely_tensor(one) and not is_surely_tensor(other):
        one, other = _together([x, y])
    return ndarray(torch.where(_tensor(condition), one, other))


def _elementwise(function, number):
    def apply(x, out=None, where=None, dtype=None):
        if isinstance(x, (int, float)):
            return number(x)
        tensor = _tensor(x)
        return ndarray(function(tensor if tensor.is_floating_point() or tensor.is_complex() else tensor.to(float64)))
    return apply


sqrt, exp, log = _elementwise(torch.sqrt, math.sqrt), _elementwise(torch.exp, math.exp), _elementwise(torch.log, math.log)
log2, log10 = _elementwise(torch.log2, math.log2), _elementwise(torch.log10, math.log10)
sin, cos, tan = _elementwise(torch.sin, math.sin), _elementwise(torch.cos, math.cos), _elementwise(torch.tan, math.tan)
tanh, radians = _elementwise(torch.tanh, math.tanh), _elementwise(torch.deg2rad, math.radians)
floor = _elementwise(torch.floor, lambda x: float(math.floor(x)))
ceil = _elementwise(torch.ceil, lambda x: float(math.ceil(x)))


def abs(x): return ndarray(torch.abs(_tensor(x)))
def round(a, decimals=0): return array(a).copy() if not _tensor(a).is_floating_point() else ndarray(torch.round(_tensor(a)) if decimals == 0 else torch.empty_like(_tensor(a)))
around = round
def clip(a, a_min=None, a_max=None): return ndarray(_clamped(_tensor(a), a_min, a_max))
def maximum(x1, x2): return ndarray(torch.maximum(*_all(_paired(_operand(x1), _operand(x2)))))
def minimum(x1, x2): return ndarray(torch.minimum(*_all(_paired(_operand(x1), _operand(x2)))))
def isnan(x): return ndarray(torch.isnan(_tensor(x)))


def lcm(x1, x2): return math.lcm(x1, x2) if isinstance(x1, int) and isinstance(x2, int) else ndarray(torch.lcm(_tensor(x1), _tensor(x2)))
def gcd(x1, x2): return math.gcd(x1, x2) if isinstance(x1, int) and isinstance(x2, int) else ndarray(torch.gcd(_tensor(x1), _tensor(x2)))


def power(x1, x2):
    if isinstance(x1, (int, float)) and isinstance(x2, (int, float)):
        return x1 ** x2
    one, other = _paired(_operand(x1), _operand(x2))
    return ndarray(one ** other)


def sum(a, axis=None, dtype=None, out=None, keepdims=False): return _over(_tensor(a), axis, keepdims, torch.sum)


def mean(a, axis=None, dtype=None, out=None, keepdims=False):
    tensor = _tensor(a)
    return _over(tensor if tensor.is_floating_point() else tensor.to(float64), axis, keepdims, torch.mean)


std = var = mean


def max(a, axis=None, out=None, keepdims=False): return _over(_tensor(a), axis, keepdims, torch.amax)
def min(a, axis=None, out=None, keepdims=False): return _over(_tensor(a), axis, keepdims, torch.amin)


amax, amin = max, min


def prod(a, axis=None, dtype=None, out=None, keepdims=False):
    if isinstance(a, int):
        return a
    if isinstance(a, (tuple, list)) and axis is None:
        return math.prod(a)
    return _over(_tensor(a), axis, keepdims, _product)


def _product(tensor, axis, keepdims):
    return torch.prod(tensor, axis, keepdims) if isinstance(axis, int) else torch.empty_like(torch.sum(tensor, axis, keepdims))


def argmax(a, axis=None): return _over(_tensor(a), axis, False, torch.argmax)
def argsort(a, axis=-1): return ndarray(torch.argsort(_tensor(a), axis))
def sort(a, axis=-1): return ndarray(torch.sort(_tensor(a).flatten() if axis is None else _tensor(a), -1 if axis is None else axis).values)


def cumsum(a, axis=None):
    tensor = _tensor(a)
    return ndarray(tensor.flatten().cumsum(0) if axis is None else tensor.cumsum(axis))


argmin = argmax

from . import numpy_random as random  # noqa: E402
from . import numpy_linalg as linalg  # noqa: E402
from . import numpy_fft as fft  # noqa: E402
from .numpy_records import _described, records, records_of, void  # noqa: E402
from .numpy_functions import *  # noqa: E402, F403
from .numpy_more import *  # noqa: E402, F403
from .numpy_elementwise import *  # noqa: E402, F403
from .numpy_building import *  # noqa: E402, F403
