"""Plain functions with Llama 3's scaling, called by a model with a dataclass of sizes; complex pairs."""

import math
from dataclasses import dataclass

import torch


@dataclass
class Sizes:
    width: int = 2048
    heads: int = 32
    base: float = 500000.0
    length: int = 64
    stretch: bool = True


def stretched(thetas):
    factor, low, high = 32, 1, 4
    trained = 8192
    out = []
    for theta in thetas:
        wave = 2 * math.pi / theta
        if wave < trained / high:
            out.append(theta)
        elif wave > trained / low:
            out.append(theta / factor)
        else:
            keep = (trained / wave - low) / (high - low)
            out.append((1 - keep) * theta / factor + keep * theta)
    return torch.tensor(out)


def turns(dim: int, length: int, base: float = 10000.0, stretch: bool = False):
    thetas = 1.0 / (base ** (torch.arange(0, dim, 2)[: dim // 2].float() / dim))
    if stretch:
        thetas = stretched(thetas)
    return torch.polar(torch.ones(length, dim // 2), torch.outer(torch.arange(length).float(), thetas))


def turned(x, by):
    pairs = torch.view_as_complex(x.float().unflatten(-1, (-1, 2)))
    return torch.view_as_real(pairs * by).flatten(-2)


class Model:
    def __init__(self, sizes: Sizes):
        self.turns = turns(sizes.width // sizes.heads, sizes.length, sizes.base, sizes.stretch)


def recorded():
    return [Model(Sizes()).turns[1].angle()]
