"""Calls of the commonest view operations with made-up shapes and layouts, for record_ops.py."""

import torch


def some_tensor(rng, least=1, most=4):
    """A small tensor in one of several layouts."""
    sizes = [rng.choice([1, 2, 3, 4, 6]) for _ in range(rng.randint(least, most))]
    t = torch.arange(torch.Size(sizes).numel(), dtype=torch.float32).reshape(sizes)
    how = rng.randrange(4)
    if how == 1:
        t = t.permute(*rng.sample(range(t.dim()), t.dim()))
    if how == 2:
        t = torch.stack([t, t], -1)[..., 0]
    if how == 3 and t.dim() > 1:
        t = t.select(0, 0).unsqueeze(0).expand(t.shape)
    return t


def some_index(rng, t):
    """A subscript of up to as many parts as there are dims, now and then one too many or out of range."""
    parts, dim = [], 0
    lengths = rng.choice([(2,), (3, 2), (1,), (4,)])
    while dim < t.dim() + (rng.random() < 0.05) and rng.random() < 0.85:
        size = t.shape[dim] if dim < t.dim() else 1
        kind = rng.choice(['int', 'slice', 'slice', 'slice', 'none', 'rest', 'tensor', 'list', 'mask', 'all'])
        if kind == 'none':
            parts.append(None)
        elif kind == 'rest' and Ellipsis not in parts:
            parts.append(Ellipsis)
            dim = max(dim, t.dim() - rng.randint(0, 2))
        elif kind == 'mask':
            width = size + (rng.random() < 0.1)
            parts.append(torch.tensor([rng.random() < 0.5 for _ in range(width)], dtype=torch.bool))
            dim += 1
        elif kind == 'tensor':
            wrong = rng.random() < 0.05
            shape = rng.choice([(3,), (2, 3)]) if rng.random() < 0.1 else lengths
            parts.append(torch.randint(0, size + wrong, shape) if size else 0)
            dim += 1
        elif kind == 'list':
            parts.append([rng.randrange(-size, size) for _ in range(rng.randint(1, 3))] if size else 0)
            dim += 1
        elif kind == 'int':
            parts.append(rng.randrange(-size - (rng.random() < 0.05), size + (rng.random() < 0.05)) if size else 0)
            dim += 1
        else:
            ends = [None, *range(-size - 1, size + 2)]
            parts.append(slice(None) if kind == 'all' else slice(rng.choice(ends), rng.choice(ends), rng.choice([None, 1, 2, 3])))
            dim += 1
    return parts[0] if len(parts) == 1 else tuple(parts)


def some_sizes(rng, t):
    """Sizes that hold the elements of a tensor, more often than not."""
    count, sizes = t.numel(), []
    while count > 1 and rng.random() < 0.8:
        part = rng.choice([d for d in (1, 2, 3, 4, 6, 12) if count % d == 0])
        sizes.append(part)
        count //= part
    sizes.append(count)
    rng.shuffle(sizes)
    if rng.random() < 0.4:
        sizes[rng.randrange(len(sizes))] = -1
    if rng.random() < 0.1:
        sizes[rng.randrange(len(sizes))] = 5
    return sizes


def made_up(rng, count):
    """Calls of the commonest view operations, which the samples of OpInfo hardly vary."""
    for _ in range(count):
        t = some_tensor(rng)
        index = some_index(rng, t)
        yield 'method.__getitem__', torch.Tensor.__getitem__, (t, index), {}
        if rng.random() < 0.4:
            try:
                shape = list(t[index].shape)
            except Exception:  # noqa: BLE001
                shape = []
            if shape and rng.random() < 0.6:
                shape[rng.randrange(len(shape))] = rng.choice([1, 2, 5])
            shape = shape[rng.randint(0, len(shape)):] if rng.random() < 0.3 else [1] * rng.randint(0, 1) + shape
            yield 'method.__setitem__', torch.Tensor.__setitem__, (some_layout(t), index, torch.zeros(shape)), {}
        t = some_tensor(rng)
        yield 'method.view', torch.Tensor.view, (t, *some_sizes(rng, t)), {}
        yield 'method.reshape', torch.Tensor.reshape, (t, *some_sizes(rng, t)), {}
        yield 'method.flatten', torch.Tensor.flatten, (t, rng.randint(-3, 2), rng.randint(-3, 2)), {}
        if rng.random() < 0.5:
            t = some_tensor(rng)
            sizes = [rng.choice([-1, size, size if size > 1 else 3]) for size in t.shape]
            yield 'method.expand', torch.Tensor.expand, (t, *([2] * rng.randint(0, 1)), *sizes), {}
            a, b = some_tensor(rng), some_tensor(rng)
            yield 'torch.add', torch.add, (a, b), {}
            yield 'torch.add', torch.add, (a, a.contiguous()), {}
            yield 'torch.cat', torch.cat, ([a, a.clone(), some_layout(a)], rng.randint(-2, 2)), {}
            yield 'torch.stack', torch.stack, ([a, some_layout(a)], rng.randint(-2, 2)), {}


def some_layout(t):
    return t.clone(memory_format=torch.contiguous_format)
