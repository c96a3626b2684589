"""A model as libraries write them: a table of activations, an output that is a dict, a wrapped forward."""

from collections import OrderedDict
from dataclasses import dataclass, fields
from functools import wraps

import torch
from torch import nn


class Activations(OrderedDict):
    def __getitem__(self, key):
        return super().__getitem__(key)()


ACTIVATIONS = Activations({"gelu": nn.GELU, "relu": nn.ReLU})


class Output(OrderedDict):
    def __post_init__(self):
        for f in fields(self):
            value = getattr(self, f.name)
            if value is not None:
                self[f.name] = value

    def __getitem__(self, key):
        if isinstance(key, str):
            return dict(self.items())[key]
        return tuple(self[k] for k in self.keys())[key]


@dataclass
class ModelOutput(Output):
    last: torch.Tensor | None = None
    all: tuple | None = None


def with_defaults(func):
    @wraps(func)
    def wrapper(self, *args, **kwargs):
        kwargs.setdefault("keep_all", self.config.layers > 1)
        return func(self, *args, **kwargs)

    return wrapper


class Block(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.heads = config.heads
        self.qkv = nn.Linear(config.hidden_size, 3 * config.hidden_size)
        self.act = ACTIVATIONS[config.activation]

    def forward(self, x):
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        q, k, v = (t.unflatten(-1, (self.heads, -1)).transpose(1, 2) for t in (q, k, v))
        scores = q @ k.transpose(-1, -2)
        out = (scores.softmax(-1) @ v).transpose(1, 2).flatten(2)
        return x + self.act(out)


class Model(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))

    @with_defaults
    def forward(self, x, keep_all=False):
        states = ()
        for block in self.blocks:
            x = block(x)
            states = states + (x,) if keep_all else states
        return ModelOutput(last=x, all=states)
