"""Configurations as nested dicts and dataclasses, overrides as dotted text, a registry by name, EMA and schedules."""
# modules: own_configs

import copy
import dataclasses
import json
import math
import os
from dataclasses import dataclass, field, asdict, replace
from enum import Enum
from typing import Any, Callable, Dict, List, Optional, Union

import torch
import torch.nn as nn
import torch.nn.functional as F

TEXT = '{"model": {"name": "mixer", "kwargs": {"tokens": 16, "dim": 20, "depth": 2}}, "optim": {"lr": 0.001, "warmup": 3}, "data": {"size": [3, 8, 8], "batch": 4}}'
REGISTRY: Dict[str, Callable[..., nn.Module]] = {}


def register(name: str):
    def wrap(cls):
        REGISTRY[name] = cls
        return cls

    return wrap


class Pool(str, Enum):
    MEAN = "mean"
    FIRST = "first"
    LEARNED = "learned"


@dataclass
class BlockConfig:
    dim: int = 12
    ratio: float = 2.0
    heads: int = 4
    pool: Pool = Pool.LEARNED
    norms: List[str] = field(default_factory=lambda: ["pre", "post"])

    @property
    def hidden(self) -> int:
        return int(self.dim * self.ratio)

    def __post_init__(self):
        if self.dim % self.heads:
            raise ValueError(f"dim {self.dim} does not divide by {self.heads} heads")


@dataclass
class Config:
    block: BlockConfig = field(default_factory=BlockConfig)
    depth: int = 2
    classes: int = 5
    drop: Union[float, List[float]] = 0.0

    def __post_init__(self):
        if not isinstance(self.drop, (list, tuple)):
            self.drop = [self.drop] * self.depth


def merge(base: dict, dotted: List[str]) -> dict:
    out = copy.deepcopy(base)
    for item in dotted:
        path, value = item.split("=", 1)
        node = out
        *parents, last = path.split(".")
        for key in parents:
            node = node.setdefault(key, {})
        node[last] = json.loads(value)
    return out


class Scale(nn.Module):
    def __init__(self, dim, init=1e-2):
        super().__init__()
        self.gamma = nn.Parameter(init * torch.ones(dim))

    def forward(self, x):
        return x * self.gamma


def norm(kind: Optional[str], dim: int) -> nn.Module:
    table = {"pre": nn.LayerNorm, "post": nn.RMSNorm, None: nn.Identity}
    return table[kind](dim)


@register("block")
class Block(nn.Module):
    def __init__(self, cfg: BlockConfig, drop: float = 0.0):
        super().__init__()
        self.cfg = cfg
        self.pre, self.post = (norm(kind, cfg.dim) for kind in cfg.norms)
        self.q = nn.Linear(cfg.dim, cfg.dim)
        self.kv = nn.Linear(cfg.dim, 2 * cfg.dim)
        self.mlp = nn.Sequential(nn.Linear(cfg.dim, 2 * cfg.hidden), nn.GLU(dim=-1), nn.Dropout(drop), nn.Linear(cfg.hidden, cfg.dim))
        self.scale = Scale(cfg.dim)

    def forward(self, x, context=None):
        h = self.pre(x)
        context = h if context is None else context
        q = self.q(h).unflatten(-1, (self.cfg.heads, -1))
        k, v = self.kv(context).unflatten(-1, (2, self.cfg.heads, -1)).unbind(-3)
        attn = torch.einsum("bihd,bjhd->bhij", q, k).mul(q.size(-1) ** -0.5).softmax(-1)
        x = x + torch.einsum("bhij,bjhd->bihd", attn, v).flatten(-2)
        return x + self.scale(self.mlp(self.post(x)))


class Pooling(nn.Module):
    def __init__(self, kind: Pool, dim: int):
        super().__init__()
        self.kind = kind
        if kind is Pool.LEARNED:
            self.query = nn.Parameter(torch.randn(1, 1, dim))

    def forward(self, x):
        match self.kind:
            case Pool.MEAN:
                return x.mean(1)
            case Pool.FIRST:
                return x[:, 0]
            case Pool.LEARNED:
                weights = (self.query * x).sum(-1, keepdim=True).softmax(dim=1)
                return (weights * x).sum(1)


@register("net")
class Net(nn.Module):
    def __init__(self, cfg: Config, vocabulary: int = 30):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, cfg.block.dim)
        self.blocks = nn.ModuleList(REGISTRY["block"](cfg.block, p) for p in cfg.drop)
        self.pool = Pooling(cfg.block.pool, cfg.block.dim)
        self.head = nn.Linear(cfg.block.dim, cfg.classes)

    def forward(self, ids, context=None):
        x = self.embed(ids)
        taken = {}
        for i, block in enumerate(self.blocks):
            x = block(x, context if i % 2 else None)
            taken[f"block{i}"] = x
        return self.head(self.pool(x)), taken


@register("mixer")
class Mixer(nn.Module):
    def __init__(self, tokens, dim, depth, patch=2, channels=3, classes=6):
        super().__init__()
        self.patch = patch
        self.stem = nn.Linear(channels * patch * patch, dim)
        self.layers = nn.ModuleList()
        for _ in range(depth):
            self.layers.append(nn.ModuleDict({"token": nn.Linear(tokens, tokens), "channel": nn.Linear(dim, dim), "norm": nn.LayerNorm(dim)}))
        self.head = nn.Linear(dim, classes)

    def patches(self, x):
        p = self.patch
        x = x.unfold(2, p, p).unfold(3, p, p)
        b, c, h, w, *_ = x.shape
        return x.permute(0, 2, 3, 1, 4, 5).reshape(b, h * w, c * p * p)

    def forward(self, x):
        x = self.stem(self.patches(x))
        for layer in self.layers:
            x = x + layer["token"](layer["norm"](x).mT).mT
            x = x + F.gelu(layer["channel"](x))
        return self.head(x.mean(dim=-2))


class EMA:
    def __init__(self, model, decay=0.9):
        self.decay = decay
        self.shadow = {name: p.detach().clone() for name, p in model.named_parameters()}

    @torch.no_grad()
    def update(self, model):
        for name, p in model.named_parameters():
            self.shadow[name].lerp_(p, 1 - self.decay)

    def norm(self):
        return torch.stack([v.norm() for v in self.shadow.values()]).norm()


def warmup_cosine(step, warmup, total):
    if step < warmup:
        return (step + 1) / warmup
    t = (step - warmup) / max(1, total - warmup)
    return 0.5 * (1 + math.cos(math.pi * t))


def main():
    torch.manual_seed(0)
    raw = merge(json.loads(TEXT), ["model.kwargs.depth=3", "optim.betas=[0.9, 0.95]", "data.batch=6"])
    mixer = REGISTRY[raw["model"]["name"]](**raw["model"]["kwargs"])
    images = torch.randn(raw["data"]["batch"], *raw["data"]["size"])
    logits = mixer(images)
    cfg = Config(block=replace(BlockConfig(), dim=16), depth=3, drop=0.1)
    if os.environ.get("SMALL"):
        cfg = dataclasses.replace(cfg, depth=1)
    net = Net(cfg)
    ema = EMA(net)
    optimiser = torch.optim.SGD(net.parameters(), lr=raw["optim"]["lr"], momentum=0.9)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda s: warmup_cosine(s, raw["optim"]["warmup"], 10))
    ids = torch.randint(0, 30, (4, 9))
    context = torch.randn(4, 7, cfg.block.dim)
    for _ in range(2):
        out, taken = net(ids, context)
        loss = F.cross_entropy(out, torch.randint(cfg.classes, (4,)))
        (grad,) = torch.autograd.grad(loss, [net.embed.weight], retain_graph=True)
        loss.backward()
        optimiser.step()
        schedule.step()
        ema.update(net)
    flat = torch.cat([p.grad.reshape(-1) for p in net.parameters() if p.grad is not None])
    sizes = {name: tuple(t.shape) for name, t in taken.items()}
    print(asdict(cfg)["block"]["dim"], logits.shape, flat.shape[0] > 0, grad.shape, ema.norm(), sizes)


if __name__ == "__main__":
    main()
