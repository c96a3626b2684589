"""Masked pictures and their nearest neighbours: masking by gather, a queue of keys, a slow copy, probes, distillation."""
# modules: own_masked

import copy
import math
from typing import NamedTuple, Optional

import torch
import torch.nn as nn
import torch.nn.functional as F
from einops import rearrange, reduce, repeat
from torch import Tensor


class Masked(NamedTuple):
    kept: Tensor
    mask: Tensor
    restore: Tensor

    def fill(self, tokens: Tensor, blank: Tensor) -> Tensor:
        b, n = self.restore.shape
        blanks = blank.expand(b, n - tokens.shape[1], -1)
        every = torch.cat([tokens, blanks], dim=1)
        return every.gather(1, self.restore.unsqueeze(-1).expand(-1, -1, every.shape[-1]))


def hide(x: Tensor, ratio: float) -> Masked:
    b, n, d = x.shape
    keep = int(n * (1 - ratio))
    order = torch.rand(b, n).argsort(dim=1)
    restore = order.argsort(dim=1)
    kept = torch.take_along_dim(x, order[:, :keep, None], dim=1)
    mask = torch.ones(b, n).scatter_(1, order[:, :keep], 0.0)
    return Masked(kept, mask, restore)


def sincos(grid, dim):
    """Fixed places in two dimensions."""
    h, w = grid
    omega = 1.0 / 10000 ** (torch.arange(dim // 4, dtype=torch.float64) / (dim // 4))
    rows, cols = torch.meshgrid(torch.arange(h), torch.arange(w), indexing="ij")
    parts = [fn(place.reshape(-1, 1) * omega) for place in (rows, cols) for fn in (torch.sin, torch.cos)]
    return torch.cat(parts, dim=1).float()


class RelativeBias(nn.Module):
    """A learnt bias for each offset between two places of a grid."""

    def __init__(self, grid, heads):
        super().__init__()
        h, w = grid
        self.table = nn.Parameter(torch.zeros((2 * h - 1) * (2 * w - 1), heads))
        places = torch.stack(torch.meshgrid(torch.arange(h), torch.arange(w), indexing="ij")).flatten(1)
        offset = (places[:, :, None] - places[:, None, :]).permute(1, 2, 0)
        offset = offset + torch.tensor([h - 1, w - 1])
        self.register_buffer("index", offset[..., 0] * (2 * w - 1) + offset[..., 1], persistent=False)

    def forward(self, order: Optional[Tensor] = None):
        bias = self.table[self.index].permute(2, 0, 1)
        if order is None:
            return bias
        rows = bias[:, order]
        return torch.stack([rows[:, i][..., o] for i, o in enumerate(order)])


class Layer(nn.Module):
    def __init__(self, dim, heads, drop_path=0.0):
        super().__init__()
        self.heads, self.drop_path = heads, drop_path
        self.norm1, self.norm2 = nn.RMSNorm(dim), nn.RMSNorm(dim)
        self.qkv, self.proj = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)
        self.mlp = nn.Sequential(nn.Linear(dim, 4 * dim), nn.GELU(), nn.Linear(4 * dim, dim))
        self.scale1 = nn.Parameter(torch.full((dim,), 1e-2))

    def attend(self, x, bias):
        q, k, v = rearrange(self.qkv(x), "b n (three h d) -> three b h n d", three=3, h=self.heads)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
        return self.proj(rearrange(y, "b h n d -> b n (h d)"))

    def drop(self, x):
        if not self.training or self.drop_path == 0:
            return x
        keep = x.new_empty((x.shape[0],) + (1,) * (x.ndim - 1)).bernoulli_(1 - self.drop_path)
        return x * keep / (1 - self.drop_path)

    def forward(self, x, bias=None):
        x = x + self.drop(self.scale1 * self.attend(self.norm1(x), bias))
        return x + self.drop(self.mlp(self.norm2(x)))


class Autoencoder(nn.Module):
    def __init__(self, image=(24, 32), patch=8, dim=32, deep=2, small=16, ratio=0.75):
        super().__init__()
        self.patch, self.ratio = patch, ratio
        self.grid = tuple(s // patch for s in image)
        self.embed = nn.Conv2d(3, dim, patch, patch)
        self.register_buffer("place", sincos(self.grid, dim))
        self.register_buffer("place_small", sincos(self.grid, small))
        self.cls = nn.Parameter(torch.zeros(1, 1, dim))
        rates = torch.linspace(0, 0.1, deep).tolist()
        self.encoder = nn.ModuleList([Layer(dim, 4, r) for r in rates])
        self.bias = RelativeBias(self.grid, 4)
        self.narrow = nn.Linear(dim, small)
        self.blank = nn.Parameter(torch.zeros(1, 1, small))
        self.decoder = Layer(small, 4)
        self.pixels = nn.Linear(small, 3 * patch**2)

    def tokens(self, image):
        return self.embed(image).flatten(2).transpose(1, 2) + self.place

    def encode(self, x):
        x = torch.cat([self.cls.expand(len(x), -1, -1), x], 1)
        for layer in self.encoder:
            x = layer(x)
        return x[:, 0], x[:, 1:]

    def forward(self, image):
        hidden = hide(self.tokens(image), self.ratio)
        cls, kept = self.encode(hidden.kept)
        full = hidden.fill(self.narrow(kept), self.blank) + self.place_small
        out = self.pixels(self.decoder(full, self.bias()))
        target = rearrange(image, "b c (h p) (w q) -> b (h w) (p q c)", p=self.patch, q=self.patch)
        mean, var = target.mean(-1, keepdim=True), target.var(-1, keepdim=True)
        error = ((out - (target - mean) / (var + 1e-6).sqrt()) ** 2).mean(-1)
        return (error * hidden.mask).sum() / hidden.mask.sum(), cls


class Queue:
    """A ring of keys: the newest replace the oldest."""

    def __init__(self, size, dim):
        self.keys, self.at = F.normalize(torch.randn(size, dim), dim=1), 0

    def push(self, keys: Tensor):
        n = keys.shape[0]
        assert self.keys.shape[0] % n == 0
        self.keys[self.at : self.at + n] = keys
        self.at = (self.at + n) % len(self.keys)

    def __len__(self):
        return len(self.keys)


class Contrast(nn.Module):
    def __init__(self, encoder, dim, out=12, momentum=0.99, temperature=0.1, size=16):
        super().__init__()
        self.online = encoder
        self.project = nn.Sequential(nn.Linear(dim, dim), nn.BatchNorm1d(dim), nn.ReLU(True), nn.Linear(dim, out))
        self.slow = nn.ModuleDict({"online": copy.deepcopy(encoder), "project": copy.deepcopy(self.project)}).requires_grad_(False)
        self.momentum, self.temperature, self.queue = momentum, temperature, Queue(size, out)

    @torch.no_grad()
    def follow(self):
        for name, module in self.slow.items():
            for p, q in zip(module.parameters(), getattr(self, name).parameters()):
                p.lerp_(q, 1 - self.momentum)

    def forward(self, one, two):
        z = self.project(self.online.encode(self.online.tokens(one))[0])
        q = F.normalize(z, dim=-1)
        with torch.no_grad():
            self.follow()
            shuffle = torch.randperm(len(two))
            slow = self.slow["online"]
            k = self.slow["project"](slow.encode(slow.tokens(two[shuffle]))[0])
            k = F.normalize(k[shuffle.argsort()], dim=-1)
        positive = torch.einsum("nc,nc->n", q, k).unsqueeze(-1)
        negative = q @ self.queue.keys.clone().T
        logits = torch.cat([positive, negative], dim=1) / self.temperature
        self.queue.push(k)
        return F.cross_entropy(logits, torch.zeros(len(q), dtype=torch.long))


def views(image):
    flip = torch.rand(len(image), 1, 1, 1) < 0.5
    flipped = torch.where(flip, image.flip(-1), image)
    gray = reduce(image, "b c h w -> b 1 h w", "mean")
    return flipped + 0.05 * torch.randn_like(image), repeat(gray, "b 1 h w -> b c h w", c=3)


def nearest(bank, labels, queries, k=5, classes=4, t=0.07):
    similarity = F.normalize(queries, dim=1) @ F.normalize(bank, dim=1).t()
    weight, index = similarity.topk(k, dim=1)
    weight = (weight / t).exp()
    votes = F.one_hot(labels[index], classes) * weight.unsqueeze(-1)
    return votes.sum(1).argmax(-1)


def main():
    torch.manual_seed(0)
    images, labels = torch.rand(16, 3, 24, 32), torch.arange(16) % 4
    model = Autoencoder()
    contrast = Contrast(model, 32)
    optimiser = torch.optim.AdamW([p for p in contrast.parameters() if p.requires_grad], lr=1e-3)
    for step in range(3):
        part = images[4 * step : 4 * step + 4]
        rebuilt, _ = model(part)
        loss = rebuilt + contrast(*views(part))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        for group in optimiser.param_groups:
            group["lr"] = 1e-3 * 0.5 * (1 + math.cos(math.pi * step / 3))
    model.eval()
    with torch.no_grad():
        features = torch.cat([model.encode(model.tokens(x))[0] for x in images.split(4)])
    found = nearest(features[:12], labels[:12], features[12:])
    picked = model.bias(torch.stack([torch.randperm(12)[:5] for _ in range(2)]))
    print(features.shape, found.shape, picked.shape, len(contrast.queue))


if __name__ == "__main__":
    main()
