"""A sample to be broken: a little of everything, ünïcode too."""

import math
from typing import NamedTuple

import torch
import torch.nn as nn
import torch.nn.functional as F


class Sizes(NamedTuple):
    dim: int = 64
    heads: int = 8


def frequencies(dim, length, *, base=10000.0):
    steps = torch.arange(0, dim, 2, dtype=torch.float32)
    return torch.outer(torch.arange(length).float(), base ** (-steps / dim))


class Attention(nn.Module):
    def __init__(self, sizes: Sizes = Sizes(), dropout: float = 0.0) -> None:
        super().__init__()
        self.heads = sizes.heads
        self.qkv = nn.Linear(sizes.dim, 3 * sizes.dim, bias=False)
        self.out = nn.Linear(sizes.dim, sizes.dim)
        self.register_buffer("mask", torch.ones(32, 32).tril()[None, None])

    @staticmethod
    def turn(x, table):
        first, second = x.chunk(2, dim=-1)
        cos, sin = table.cos(), table.sin()
        return torch.cat((first * cos - second * sin, second * cos + first * sin), dim=-1)

    def forward(self, x, table=None):
        b, s, d = x.shape
        assert d % self.heads == 0, f"{d} is not a multiple of {self.heads!r}"
        q, k, v = (
            part.view(b, s, self.heads, d // self.heads).transpose(1, 2)
            for part in self.qkv(x).split(d, dim=-1)
        )
        if table is not None:
            q, k = self.turn(q, table[:s]), self.turn(k, table[:s])
        scores = q @ k.transpose(-2, -1) / math.sqrt(q.size(-1))
        scores = scores.masked_fill(self.mask[:, :, :s, :s] == 0, float("-inf"))
        weights = F.softmax(scores, dim=-1)  # [b, h, s, s] – each row sums to 1
        return self.out((weights @ v).transpose(1, 2).reshape(b, s, d))


layers = nn.ModuleList([Attention(Sizes(heads=h)) for h in (4, 8)])
x = torch.randn(2, 16, 64)
for i, layer in enumerate(layers):
    try:
        x = x + layer(x, frequencies(64 // layer.heads, 32))
    except ValueError as error:
        print(i, error)
    finally:
        result = x

with torch.no_grad():
    shapes = {name: p.shape for name, p in layers.named_parameters() if p.dim() > 1}
total = sum(math.prod(shape) for shape in shapes.values())
print(f"{total:,} weights", lambda: result)
