"""Elementwise functions of numpy by their names, and what is asked about dtypes, as far as shapes flow through them."""

import math

import torch
from shapescope import is_tensor

from .numpy import (_all, _applied, _common, _dtype, _elementwise, _operand, _tensor, abs, array, bool_, complex64, complex128, float64, int64, maximum,
                    minimum, ndarray)
from .numpy_more import floating, inexact, integer, number


class complexfloating(inexact): pass


def _floats(x):
    tensor = _tensor(x)
    return tensor if tensor.is_floating_point() or tensor.is_complex() else tensor.to(float64)


def _of(x): return ndarray(_tensor(x).clone())
def _of_two(x1, x2, operate): return _applied(array(x1), x2, operate)
def _test(x1, x2): return ndarray(torch.eq(_tensor(x1), _tensor(x2)))
def _truth(x): return ndarray(torch.empty_like(_tensor(x), dtype=bool_))


# Of one.

absolute, conj, conjugate, positive = abs, _of, _of, _of
negative = lambda x: -array(x)
cbrt, reciprocal, rint = _elementwise(torch.sqrt, lambda x: math.copysign(math.fabs(x) ** (1 / 3), x)), lambda x: 1 / array(x), _elementwise(torch.round, lambda x: float(round(x)))
trunc = fix = _elementwise(torch.trunc, lambda x: float(math.trunc(x)))
fabs = _elementwise(torch.abs, math.fabs)
arcsinh, arccosh, arctanh = _elementwise(torch.asinh, math.asinh), _elementwise(torch.acosh, math.acosh), _elementwise(torch.atanh, math.atanh)
invert = bitwise_not = lambda x: ndarray(~_tensor(x))
signbit = isposinf = isneginf = _truth


def real(val): return array(val).real
def imag(val): return array(val).imag
def angle(z, deg=False): return ndarray(torch.angle(_floats(z)))


def frexp(x):
    mantissa, exponent = torch.frexp(_floats(x))
    return ndarray(mantissa), ndarray(exponent)


def modf(x):
    floats = _floats(x)
    return ndarray(torch.frac(floats)), ndarray(torch.trunc(floats))


# Of two.

def divide(x1, x2): return array(x1) / x2
def float_power(x1, x2): return ndarray(_tensor(x1).to(float64) ** _tensor(x2).to(float64))
def fmod(x1, x2): return _of_two(x1, x2, lambda a, b: torch.fmod(a, b))
def divmod(x1, x2): return array(x1) // x2, array(x1) % x2
def hypot(x1, x2): return ndarray(torch.hypot(_floats(x1), _floats(x2)))
def copysign(x1, x2): return ndarray(torch.copysign(_floats(x1), _floats(x2)))
def heaviside(x1, x2): return ndarray(torch.copysign(_floats(x1), _floats(x2)))
def bitwise_xor(x1, x2): return ndarray(_tensor(x1) ^ _operand(x2))
def left_shift(x1, x2): return ndarray(_tensor(x1) << _operand(x2))
def right_shift(x1, x2): return ndarray(_tensor(x1) >> _operand(x2))
def logical_xor(x1, x2): return _test(x1, x2)


true_divide, fmax, fmin = divide, maximum, minimum
equal = not_equal = greater = greater_equal = less = less_equal = _test


# What dtypes are.

def result_type(*arrays_and_dtypes):
    found = [_dtype(a) if isinstance(_dtype(a), torch.dtype) else _tensor(a).dtype for a in arrays_and_dtypes]
    return found[0] if len(found) == 1 else _common(found[0], result_type(*found[1:]))


def issubdtype(arg1, arg2):
    dtype = _dtype(arg1)
    if dtype.is_floating_point:
        kinds = (floating, inexact, number)
    elif dtype in (complex64, complex128):
        kinds = (complexfloating, inexact, number)
    else:
        kinds = () if dtype == bool_ else (integer, number)
    return arg2 in kinds or dtype == _dtype(arg2)


def promote_types(type1, type2): return _common(_dtype(type1), _dtype(type2))
def iscomplexobj(x): return _tensor(x).is_complex()
def isrealobj(x): return not _tensor(x).is_complex()
def isscalar(element): return isinstance(element, (int, float, complex, str)) or isinstance(element, ndarray) and element.is_number and element.ndim == 0
