"""A recorded call with other layouts, into `out`, and with a wrong shape or number in one place, for record_ops.py."""

import torch


def flat_tensors(v):
    if isinstance(v, torch.Tensor):
        return [v]
    if isinstance(v, dict):
        v = list(v.values())
    return [t for x in v for t in flat_tensors(x)] if isinstance(v, (tuple, list)) else []


def changed(v, change, counter):
    """The arguments with some of their tensors replaced."""
    if isinstance(v, torch.Tensor):
        counter[0] += 1
        return change(counter[0] - 1, v)
    if isinstance(v, dict):
        return {k: changed(x, change, counter) for k, x in v.items()}
    if type(v) in (tuple, list):
        return type(v)(changed(x, change, counter) for x in v)
    return v


def swapped_storage(_, t):
    return t.transpose(-1, -2).contiguous().transpose(-1, -2) if t.dim() >= 2 else t


def channels_last(_, t):
    return t.movedim(1, -1).contiguous().movedim(-1, 1) if t.dim() >= 3 else t


def strided(_, t):
    return torch.stack([t, t], -1)[..., 0] if t.dim() >= 1 else t


def expanded(_, t):
    return t[:1].expand(t.shape) if t.dim() >= 1 and t.shape[0] > 1 else t


LAYOUTS = [swapped_storage, channels_last, strided, expanded]


def other_shape(which, how, dim):
    def change(i, t):
        if i != which:
            return t
        if how == 'grow' and t.dim():
            d = dim % t.dim()
            return torch.cat([t, t.narrow(d, 0, 1)], d) if t.shape[d] else t
        if how == 'drop' and t.dim():
            return t.select(0, 0).clone() if t.shape[0] else t
        return t.unsqueeze(0).clone() if how == 'add' else t

    return change


def variants(rng, args, kwargs):
    """The call with other layouts, and with a wrong shape in one place."""
    tensors = flat_tensors((args, kwargs))
    for layout in LAYOUTS:
        yield 'layout', *changed((args, kwargs), layout, [0])
    for how in ('grow', 'drop', 'add', 'grow'):
        if tensors:
            yield 'shape', *changed((args, kwargs), other_shape(rng.randrange(len(tensors)), how, rng.randrange(6)), [0])
    ints = [i for i, a in enumerate(args) if type(a) is int]
    if ints:
        i = rng.choice(ints)
        yield 'shape', tuple(a + rng.choice([7, -9]) if j == i else a for j, a in enumerate(args)), kwargs
    ints = [k for k, a in kwargs.items() if type(a) is int]
    if ints:
        name = rng.choice(ints)
        yield 'shape', args, {**kwargs, name: kwargs[name] + rng.choice([7, -9])}


def into_out(rng, func, args, kwargs):
    """Now and then the call with `out`, a tensor of the result's shape in one of several layouts."""
    if rng.random() > 0.25 or 'out' in kwargs:
        return
    try:
        value = func(*args, **kwargs)
        if isinstance(value, torch.Tensor) and not any(value is t for t in flat_tensors((args, kwargs))):
            out = rng.choice([torch.empty_like, lambda t: swapped_storage(0, torch.empty_like(t))])(value)
            func(*args, **kwargs, out=out)
            yield args, {**kwargs, 'out': out}
    except Exception:  # noqa: BLE001
        return
