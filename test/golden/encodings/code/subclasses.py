"""The default RoPE and a linear and a stretched one that extend it; a layer that turns a part of the head; half-split pairs."""

import torch


class Turner(torch.nn.Module):
    def __init__(self, dim, most=2048, base=10000):
        super().__init__()
        self.dim = dim
        self.most = most
        self.base = base
        self.theta = 1.0 / (self.base ** (torch.arange(0, self.dim, 2).float() / self.dim))


class LinearTurner(Turner):
    def __init__(self, dim, most=2048, base=10000, factor=4.0):
        self.factor = factor
        super().__init__(dim, most, base)

    def angles(self):
        theta = 1.0 / (self.base ** (torch.arange(0, self.dim, 2).float() / self.dim))
        t = torch.arange(self.most)
        t = t / self.factor
        return torch.outer(t, theta)


class StretchedTurner(Turner):
    def __init__(self, dim, most=2048, base=10000, stretch=8):
        base = base * stretch ** (dim / (dim - 2))
        super().__init__(dim, most, base)
        self.stretched = torch.exp(-torch.log(torch.tensor(base)) * torch.arange(0, dim, 2) / dim)


def turned(x, cos, sin):
    a, b = x.chunk(2, dim=-1)
    return x * cos + torch.cat((-b, a), dim=-1) * sin


class Layer:
    def __init__(self, width=512, heads=8, part=0.5):
        head = width // heads
        self.turner = Turner(int(head * part), base=1e6)
        self.linear = LinearTurner(head)
        self.stretched = StretchedTurner(head, base=500.0)


def recorded():
    layer = Layer()
    return [layer.turner.theta, layer.linear.angles()[1], layer.stretched.stretched]
