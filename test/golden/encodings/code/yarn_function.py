"""YaRN in one function with helpers inside, whose ramp has whole ends, under a condition on lengths; complex pairs."""

import math

import torch


class Arguments:
    rope_dim: int = 64
    trained: int = 4096
    base: float = 10000.0
    factor: float = 40
    fast: int = 32
    slow: int = 1
    length: int = 4096 * 4


def frequencies(args: Arguments):
    dim = args.rope_dim
    base = args.base
    factor = args.factor

    def pair_of(turns, dim, base, length):
        return dim * math.log(length / (turns * 2 * math.pi)) / (2 * math.log(base))

    def ends(fast, slow, dim, base, length):
        low = math.floor(pair_of(fast, dim, base, length))
        high = math.ceil(pair_of(slow, dim, base, length))
        return max(low, 0), min(high, dim - 1)

    theta = 1.0 / (base ** (torch.arange(0, dim, 2, dtype=torch.float32) / dim))
    if args.length > args.trained:
        low, high = ends(args.fast, args.slow, dim, base, args.trained)
        keep = 1 - ((torch.arange(dim // 2) - low) / (high - low)).clamp(0, 1)
        theta = theta / factor * (1 - keep) + theta * keep
    return theta


def turned(x, by):
    return torch.view_as_real(torch.view_as_complex(x.unflatten(-1, (-1, 2))) * by).flatten(-2)


def recorded():
    return [frequencies(Arguments())]
