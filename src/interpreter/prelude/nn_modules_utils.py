"""torch.nn.modules.utils: one number for each dim of space."""

from .collections_abc import Iterable


def _ntuple(n, name='parse'):
    def parse(x):
        return tuple(x) if isinstance(x, Iterable) else (x,) * n

    return parse


_single = _ntuple(1)
_pair = _ntuple(2)
_triple = _ntuple(3)
_quadruple = _ntuple(4)


def _reverse_repeat_tuple(t, n): return tuple(x for x in reversed(t) for _ in range(n))


def _list_with_default(out_size, defaults):
    if isinstance(out_size, int):
        return out_size
    return [d if v is None else v for v, d in zip(out_size, defaults[-len(out_size):])]
