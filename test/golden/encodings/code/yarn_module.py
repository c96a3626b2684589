"""A module with YaRN whose ramp has no whole ends, made by an attention layer from a dataclass; pairs joined by cat."""

import math
from dataclasses import dataclass

import torch


@dataclass
class Shape:
    head: int = 64
    trained: int = 4096
    theta: float = 150000.0
    longer: float = 32.0
    slow: float = 1.0
    fast: float = 32.0


class Turner(torch.nn.Module):
    def __init__(self, head, base, trained=4096, longer=1.0, slow=1.0, fast=32.0):
        super().__init__()
        self.head, self.base = head, base
        self.trained = trained
        self.longer = longer
        self.slow = slow
        self.fast = fast

    def frequencies(self):
        power = self.base ** (torch.arange(0, self.head, 2, dtype=torch.float) / self.head)
        if self.longer > 1.0:
            half = self.head / 2
            low = half * math.log(self.trained / (self.fast * 2 * math.pi)) / math.log(self.base)
            high = half * math.log(self.trained / (self.slow * 2 * math.pi)) / math.log(self.base)
            ramp = ((torch.arange(half) - low) / (high - low)).clamp(0, 1)
            return 1.0 / (self.longer * power) * ramp + 1.0 / power * (1 - ramp)
        return 1.0 / power

    def forward(self, x, cos, sin):
        a, b = x.chunk(2, dim=-1)
        return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)


class Layer:
    def __init__(self, shape: Shape):
        self.turner = Turner(shape.head, shape.theta, trained=shape.trained, longer=shape.longer, slow=shape.slow, fast=shape.fast)


def recorded():
    return [Layer(Shape()).turner.frequencies()]
