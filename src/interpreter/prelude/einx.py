"""einx: operations on tensors whose axes have names, as far as each axis is a plain name."""

import einops
import torch
from shapescope import is_tensor, some_tensor


def _named_axes(terms):
    """The term whose axes are those of all terms, which einx takes as the output; None if no single one is."""
    every = {axis for term in terms for axis in term.split()}
    found = [term for term in terms if {*term.split()} == every]
    return found[0] if len(found) == 1 else None


def _spread(operand, term, output):
    """An operand with its axes in the order of the output, and of size one where it has none."""
    if not is_tensor(operand) or not term.split():
        return operand
    own = term.split()
    placed = [axis if axis in own else '1' for axis in output if axis in own or axis != '...']
    return einops.rearrange(operand, f"{term} -> {' '.join(placed)}")


def _elementwise(function, pattern, operands):
    inputs, arrow, output = pattern.partition('->')
    terms = inputs.split(',')
    if not arrow:
        output = _named_axes(terms)
    if output is None or len(terms) != len(operands) or any(mark in inputs for mark in '([+') or '[' in output:
        return some_tensor()
    axes = output.replace('(', ' ').replace(')', ' ').split()
    # Elsewhere than in front, dims without names do not meet by broadcasting.
    if '...' in axes[1:]:
        return some_tensor()
    made = function(*[_spread(operand, term, axes) for operand, term in zip(operands, terms)])
    return einops.rearrange(made, f"{' '.join(axes)} -> {output}") if '(' in output else made


def _reduced(operation, pattern, operand):
    if '->' not in pattern or any(mark in pattern for mark in '[+,'):
        return some_tensor()
    return einops.reduce(operand, pattern, operation)


def rearrange(pattern, *operands, **sizes):
    if len(operands) != 1 or any(mark in pattern for mark in '[+,'):
        return some_tensor()
    return einops.rearrange(operands[0], pattern, **sizes)


def add(pattern, *operands):
    return _elementwise(lambda a, b: a + b, pattern, operands)


def subtract(pattern, *operands):
    return _elementwise(lambda a, b: a - b, pattern, operands)


def multiply(pattern, *operands):
    return _elementwise(lambda a, b: a * b, pattern, operands)


def divide(pattern, *operands):
    return _elementwise(lambda a, b: a / b, pattern, operands)


def maximum(pattern, *operands):
    return _elementwise(torch.maximum, pattern, operands)


def minimum(pattern, *operands):
    return _elementwise(torch.minimum, pattern, operands)


def less(pattern, *operands):
    return _elementwise(lambda a, b: a < b, pattern, operands)


def less_equal(pattern, *operands):
    return _elementwise(lambda a, b: a <= b, pattern, operands)


def greater(pattern, *operands):
    return _elementwise(lambda a, b: a > b, pattern, operands)


def greater_equal(pattern, *operands):
    return _elementwise(lambda a, b: a >= b, pattern, operands)


def equal(pattern, *operands):
    return _elementwise(lambda a, b: a == b, pattern, operands)


def not_equal(pattern, *operands):
    return _elementwise(lambda a, b: a != b, pattern, operands)


def logical_and(pattern, *operands):
    return _elementwise(torch.logical_and, pattern, operands)


def logical_or(pattern, *operands):
    return _elementwise(torch.logical_or, pattern, operands)


def where(pattern, *operands):
    return _elementwise(torch.where, pattern, operands)


def sum(pattern, operand):
    return _reduced('sum', pattern, operand)


def mean(pattern, operand):
    return _reduced('mean', pattern, operand)


def max(pattern, operand):
    return _reduced('max', pattern, operand)


def min(pattern, operand):
    return _reduced('min', pattern, operand)


def get_at(pattern, tensor, *coordinates):
    """Elements of the bracketed axes, one coordinate for each: `get_at('b n [v], b n -> b n', scores, ids)`."""
    inputs, arrow, output = pattern.partition('->')
    source, *terms = inputs.split(',')
    axes = source.split()
    kept = [axis for axis in axes if not axis.startswith('[')]
    if not arrow or len(terms) != len(coordinates) or len(axes) - len(kept) != len(terms):
        return some_tensor()
    if any(mark in inputs + output for mark in '(+.') or any('[' in term for term in [output, *terms]):
        return some_tensor()
    plain = source.replace('[', '').replace(']', '')
    made = _spread(einops.reduce(tensor, f"{plain} -> {' '.join(kept)}", 'max'), ' '.join(kept), output.split())
    for coordinate, term in zip(coordinates, terms):
        made = torch.where(_spread(coordinate, term, output.split()) >= 0, made, made)
    return made
