"""Writes layout.json: what PyTorch says of random sizes and strides.

    python record_layout.py

- `views`: [dims, strides, wanted dims, strides or null where PyTorch refuses the view]
- `contiguous`: [dims, strides, 1 or 0]
- `elementwise`: [[dims, strides] of each operand, dims, strides of the sum]
"""

import json
import pathlib
import random

import torch

random.seed(1)


def some_tensor(rank=None, sizes=(1, 2, 2, 3, 4)):
    """A tensor with the strides that views leave: permuted, sliced, expanded."""
    dims = [random.choice(sizes) for _ in range(random.randint(0, 4) if rank is None else rank)]
    if dims and random.random() < 0.03:
        dims[random.randrange(len(dims))] = 0
    x = torch.zeros(dims)
    for _ in range(random.randint(0, 3)):
        kind = random.random()
        if kind < 0.45 and x.dim() > 1:
            x = x.permute(random.sample(range(x.dim()), x.dim()))
        elif kind < 0.65 and x.dim() > 0:
            d = random.randrange(x.dim())
            x = x[(slice(None),) * d + (slice(random.randint(0, 1), None, random.randint(1, 2)),)]
        elif kind < 0.75 and x.dim() > 0 and rank is None:
            x = x.select(random.randrange(x.dim()), 0) if 0 not in x.shape else x
        elif kind < 0.9:
            x = x.expand([random.randint(2, 3) if n == 1 and random.random() < 0.5 else n for n in x.shape])
        elif x.dim() < 4 and rank is None:
            x = x.unsqueeze(random.randint(0, x.dim()))
    return x


def some_target(dims):
    """Other dims of the same number of elements: neighbours merged, dims cut up, ones put in and taken out."""
    target = [n for n in dims if n != 1 or random.random() < 0.7]
    for _ in range(random.randint(0, 3)):
        kind = random.random()
        if kind < 0.5 and len(target) > 1:
            i = random.randrange(len(target) - 1)
            target[i : i + 2] = [target[i] * target[i + 1]]
        elif kind < 0.8 and target:
            i = random.randrange(len(target))
            factors = [f for f in range(1, target[i] + 1) if target[i] % f == 0] if target[i] else [1]
            f = random.choice(factors)
            target[i : i + 1] = [f, target[i] // f]
        else:
            target.insert(random.randint(0, len(target)), 1)
    return target


def view_case():
    x = some_tensor()
    target = some_target(list(x.shape))
    try:
        strides = list(x.view(target).stride())
    except RuntimeError:
        strides = None
    return [list(x.shape), list(x.stride()), target, strides]


def contiguous_case():
    x = some_tensor()
    return [list(x.shape), list(x.stride()), int(x.is_contiguous())]


def elementwise_case():
    x = some_tensor(random.randint(1, 4))
    operands = [x]
    for _ in range(random.randint(0, 1) + 1):
        dims = [n if random.random() < 0.75 else 1 for n in x.shape][random.choice([0, 0, 0, 1]) :]
        y = torch.zeros(dims)
        if random.random() < 0.5 and y.dim() > 1:
            order = random.sample(range(y.dim()), y.dim())
            y = torch.zeros([dims[i] for i in order]).permute([order.index(i) for i in range(len(order))])
        operands.append(y)
    out = operands[0] + operands[1] if len(operands) == 2 else torch.addcmul(*operands)
    return [[[list(t.shape), list(t.stride())] for t in operands], list(out.shape), list(out.stride())]


def distinct(make, count):
    found = {}
    while len(found) < count:
        case = make()
        found[json.dumps(case)] = case
    return found.values()


def main():
    cases = {
        "views": distinct(view_case, 2000),
        "contiguous": distinct(contiguous_case, 800),
        "elementwise": distinct(elementwise_case, 1200),
    }
    lines = [f'"torch": "{torch.__version__.split("+")[0]}"']
    for name, all_cases in cases.items():
        rows = [json.dumps(case, separators=(",", ":")) for case in all_cases]
        groups = [",".join(rows[i : i + 8]) for i in range(0, len(rows), 8)]
        lines.append(f'"{name}": [\n' + ",\n".join(groups) + "\n]")
    (pathlib.Path(__file__).parent / "layout.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


main()
