"""A call of PyTorch as a line of Python over its tensors a0, a1, …, for record_ops.py."""

import torch
from torch.overrides import resolve_name

PLACES = [
    ('torch.Tensor.', 'method.'), ('torch._C.TensorBase.', 'method.'), ('torch._tensor.Tensor.', 'method.'),
    ('torch.nn.functional.', 'F.'), ('torch._C._nn.', 'F.'), ('torch.linalg.', 'linalg.'), ('torch._C._linalg.', 'linalg.'),
    ('torch.fft.', 'fft.'), ('torch._C._fft.', 'fft.'), ('torch.special.', 'special.'), ('torch._C._special.', 'special.'),
    ('torch.functional.', 'torch.'), ('torch._C._VariableFunctions.', 'torch.'), ('torch.', 'torch.'),
]
OPERATORS = {
    'add': '+', 'sub': '-', 'mul': '*', 'truediv': '/', 'div': '/', 'floordiv': '//', 'mod': '%', 'pow': '**', 'matmul': '@',
    'and': '&', 'or': '|', 'xor': '^', 'lshift': '<<', 'rshift': '>>',
    'eq': '==', 'ne': '!=', 'lt': '<', 'le': '<=', 'gt': '>', 'ge': '>=',
}


class Skip(Exception):
    """Something that cannot be written down."""


def place_of(func):
    """Where a function is found: `torch.sum`, `method.view`, `F.pad`, or None where it has no public name."""
    name = resolve_name(func)
    if name is None:
        name = f'{getattr(func, "__module__", "")}.{getattr(func, "__qualname__", "")}'
    if name.endswith('.__get__'):
        return 'attribute.' + name.split('.')[-2]
    for prefix, place in PLACES:
        if name.startswith(prefix):
            rest = name[len(prefix):]
            found = place + rest if '.' not in rest else None
            return None if found and place == 'torch.' and not hasattr(torch, rest) else found
    return None


def dtype_name(dtype):
    return str(dtype).removeprefix('torch.')


def describe(t):
    """[shape, dtype, strides or null if dense, values of small integer ones]"""
    if t.device.type != 'cpu' or t.layout != torch.strided or t.is_quantized or t.is_nested:
        raise Skip
    dense, step = [], 1
    for size in reversed(t.shape):
        dense.insert(0, step)
        step *= max(size, 1)
    line = [list(t.shape), dtype_name(t.dtype), None if dense == list(t.stride()) else list(t.stride())]
    if not t.is_floating_point() and not t.is_complex() and t.numel() <= 16:
        line.append([int(v) for v in t.flatten().tolist()])
    return line


class Writer:
    """Arguments as Python text; the tensors among them are collected."""

    def __init__(self):
        self.tensors, self.ids, self.kept = [], {}, []

    def text(self, v):
        if isinstance(v, torch.Tensor):
            if id(v) not in self.ids:
                self.ids[id(v)] = len(self.tensors)
                self.tensors.append(describe(v))
                self.kept.append(v)
            return f'a{self.ids[id(v)]}'
        if v is None or isinstance(v, (bool, str)):
            return repr(v)
        if isinstance(v, int):
            return repr(int(v))
        if isinstance(v, float):
            return f"float('{v}')" if v != v or abs(v) > 1e300 else repr(v)
        if isinstance(v, complex):
            return repr(v)
        if isinstance(v, (torch.dtype, torch.memory_format)) or v is torch.strided:
            return str(v)
        if isinstance(v, torch.device):
            return f"torch.device('{v}')"
        if v is Ellipsis:
            return '...'
        if isinstance(v, slice):
            return f'slice({", ".join(self.text(p) for p in (v.start, v.stop, v.step))})'
        if isinstance(v, tuple):
            return f'({", ".join(self.text(p) for p in v)}{"," if len(v) == 1 else ""})'
        if isinstance(v, list):
            return f'[{", ".join(self.text(p) for p in v)}]'
        if isinstance(v, torch.nn.Module) and hasattr(v, 'made_with'):
            args, kwargs = v.made_with
            return f'nn.{type(v).__name__}({self.arguments(args, kwargs)})'
        if callable(v) and (place_of(v) or '').startswith(('F.', 'torch.')):
            return place_of(v)
        raise Skip

    def arguments(self, args, kwargs):
        return ', '.join([*(self.text(a) for a in args), *(f'{k}={self.text(v)}' for k, v in kwargs.items())])

    def subscript(self, v):
        parts = [self.slice(p) if isinstance(p, slice) else self.text(p) for p in (v if isinstance(v, tuple) else (v,))]
        return '()' if not parts else ', '.join(parts) + (',' if isinstance(v, tuple) and len(parts) == 1 else '')

    def slice(self, v):
        start, stop, step = ('' if p is None else self.text(p) for p in (v.start, v.stop, v.step))
        return f'{start}:{stop}{":" + step if step else ""}'

    def call(self, place, args, kwargs):
        """The call as one would write it; operators and subscripts as such."""
        where, name = place.split('.', 1)
        if where == 'attribute':
            return f'{self.text(args[0])}.{name}'
        if where == 'method':
            owner = self.text(args[0])
            if name == '__getitem__':
                return f'{owner}[{self.subscript(args[1])}]'
            if name == '__setitem__':
                return f'{owner}[{self.subscript(args[1])}] = {self.text(args[2])}'
            word = name.strip('_') if name.startswith('__') and name.endswith('__') else ''
            if len(args) == 2 and not kwargs and word in OPERATORS:
                return f'{owner} {OPERATORS[word]} {self.text(args[1])}'
            if len(args) == 2 and not kwargs and word[:1] == 'r' and word[1:] in OPERATORS and word != 'rshift':
                return f'{self.text(args[1])} {OPERATORS[word[1:]]} {owner}'
            return f'{owner}.{name}({self.arguments(args[1:], kwargs)})'
        module = {'torch': 'torch', 'F': 'F'}.get(where, f'torch.{where}')
        return f'{module}.{name}({self.arguments(args, kwargs)})'


def outcome(v):
    """What a call gave: {'t': description}, a plain value, a list or {'dict': …} of these."""
    if isinstance(v, torch.Tensor):
        return {'t': describe(v)}
    if v is None or isinstance(v, (bool, str)):
        return v
    if isinstance(v, int):
        return int(v)
    if isinstance(v, float):
        return {'f': 0}
    if isinstance(v, complex):
        return {'c': 1}
    if isinstance(v, torch.dtype):
        return {'d': dtype_name(v)}
    if isinstance(v, (tuple, list)):
        return [outcome(x) for x in v]
    if isinstance(v, dict):
        return {'dict': {k: outcome(x) for k, x in v.items()}}
    raise Skip
