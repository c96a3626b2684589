"""A cache of cos and sin for a part of the head, with an optional dictionary of scaling; half-split pairs."""

import torch


class Settings:
    n_embd: int = 1024
    n_head: int = 8
    head_size = None
    part: float = 0.5
    adjust = {"factor": 8.0, "low": 1.0, "high": 4.0, "trained": 512}

    def __init__(self):
        if self.head_size is None:
            self.head_size = self.n_embd // self.n_head
        self.turned = int(self.part * self.head_size)


class Model:
    def __init__(self, settings: Settings):
        self.settings = settings
        self.cos, self.sin = self.cache()

    def cache(self):
        if self.settings.adjust is None:
            extra = None
        else:
            extra = self.settings.adjust
        return table(16, self.settings.turned, extra=extra)


def table(length, dims, base=10000, extra=None):
    theta = 1.0 / (base ** (torch.arange(0, dims, 2).float() / dims))
    if extra is not None:
        wave = 2 * torch.pi / theta
        ratio = extra["trained"] / wave
        keep = (ratio - extra["low"]) / (extra["high"] - extra["low"])
        keep = torch.clamp(keep, min=0.0, max=1.0)
        theta = (1 - keep) * (theta / extra["factor"]) + keep * theta
    angles = torch.outer(torch.arange(length), theta).repeat(1, 2)
    return angles.cos(), angles.sin()


def turned(x, cos, sin):
    first, second = x.chunk(2, dim=-1)
    return x * cos + torch.cat((-second, first), dim=-1) * sin


def recorded():
    model = Model(Settings())
    return [torch.atan2(model.sin, model.cos)[1, : model.settings.turned // 2]]
