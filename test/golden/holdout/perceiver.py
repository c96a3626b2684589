"""A few latent vectors read a long input by cross-attention, think among themselves, and are queried."""

import dataclasses
import math

import torch
from torch import Tensor, einsum, nn


@dataclasses.dataclass
class Options:
    input_channels: int = 5
    bands: int = 4
    latents: int = 12
    latent_dim: int = 40
    query_dim: int = 18
    cross_heads: int = 1
    self_heads: int = 5
    head_dim: int = 8
    rounds: int = 2
    depth: int = 2
    share: bool = True


def fourier_features(places: Tensor, bands: int, max_freq: float = 10.0) -> Tensor:
    """[..., axes] in -1..1 -> [..., axes * (2 * bands + 1)]."""
    places = places.unsqueeze(-1)
    freqs = torch.linspace(1.0, max_freq / 2, bands)
    freqs = freqs[(None,) * (places.dim() - 1) + (...,)]
    angles = places * freqs * math.pi
    features = torch.cat([angles.sin(), angles.cos(), places], dim=-1)
    return features.flatten(-2)


def grid(*sizes: int) -> Tensor:
    axes = [torch.linspace(-1.0, 1.0, steps=s) for s in sizes]
    return torch.stack(torch.meshgrid(*axes, indexing="ij"), dim=-1)


class Normed(nn.Module):
    """A part that sees its input, and the context if there is one, normalised."""

    def __init__(self, part, dim, context_dim=None):
        super().__init__()
        self.part = part
        self.norm = nn.LayerNorm(dim)
        self.context_norm = None if context_dim is None else nn.LayerNorm(context_dim)

    def forward(self, x, context=None, **rest):
        if context is None:
            return self.part(self.norm(x), **rest)
        return self.part(self.norm(x), self.context_norm(context), **rest)


class GatedFeedForward(nn.Module):
    def __init__(self, dim, mult=2):
        super().__init__()
        self.widen = nn.Linear(dim, dim * mult * 2)
        self.narrow = nn.Linear(dim * mult, dim)

    def forward(self, x):
        values, gates = self.widen(x).chunk(2, dim=-1)
        return self.narrow(values * gates.sigmoid())


class Attention(nn.Module):
    def __init__(self, query_dim, context_dim=None, heads=8, head_dim=8):
        super().__init__()
        inner = heads * head_dim
        context_dim = query_dim if context_dim is None else context_dim
        self.scale = head_dim**-0.5
        self.heads = heads
        self.to_q = nn.Linear(query_dim, inner, bias=False)
        self.to_kv = nn.Linear(context_dim, inner * 2, bias=False)
        self.to_out = nn.Linear(inner, query_dim)

    def forward(self, x, context=None, mask=None):
        h = self.heads
        context = x if context is None else context
        q, (k, v) = self.to_q(x), self.to_kv(context).tensor_split(2, dim=-1)
        q, k, v = (t.unflatten(-1, (h, -1)) for t in (q, k, v))
        logits = einsum("b l h d, b s h d -> b h l s", q, k) * self.scale
        if mask is not None:
            logits = torch.where(mask[:, None, None, :], logits, -1e30)
        out = einsum("b h l s, b s h d -> b l h d", logits.softmax(dim=-1), v)
        return self.to_out(out.reshape(*out.shape[:2], -1))


class Perceiver(nn.Module):
    def __init__(self, o: Options):
        super().__init__()
        self.o = o
        context_dim = o.input_channels + 2 * (2 * o.bands + 1)
        self.latents = nn.Parameter(torch.randn(o.latents, o.latent_dim) * 0.02)

        def cross():
            attention = Attention(o.latent_dim, context_dim, heads=o.cross_heads, head_dim=16)
            return Normed(attention, o.latent_dim, context_dim)

        def think():
            layers = []
            for _ in range(o.depth):
                attention = Attention(o.latent_dim, heads=o.self_heads, head_dim=o.head_dim)
                layers.append(Normed(attention, o.latent_dim))
                layers.append(Normed(GatedFeedForward(o.latent_dim), o.latent_dim))
            return nn.ModuleList(layers)

        shared = think() if o.share else None
        self.crosses = nn.ModuleList(cross() for _ in range(o.rounds))
        self.thinking = nn.ModuleList(shared or think() for _ in range(o.rounds))
        self.answer = Normed(Attention(o.query_dim, o.latent_dim, heads=2), o.query_dim, o.latent_dim)

    def forward(self, data: Tensor, mask: Tensor | None = None, queries: Tensor | None = None) -> Tensor:
        b, *axes, _ = data.shape
        places = fourier_features(grid(*axes), self.o.bands)
        places = places.expand(b, *places.shape)
        context = torch.cat((data, places), dim=-1).flatten(1, -2)

        x = self.latents.unsqueeze(0).repeat(b, 1, 1)
        for cross, layers in zip(self.crosses, self.thinking):
            x = x + cross(x, context=context, mask=mask)
            for layer in layers:
                x = layer(x) + x
        if queries is None:
            return x.mean(dim=-2)
        if queries.ndim == 2:
            queries = queries.expand(b, *queries.shape)
        return queries + self.answer(queries, context=x)


if __name__ == "__main__":
    torch.manual_seed(0)
    model = Perceiver(Options())
    video = torch.randn(2, 6, 7, 5)
    mask = torch.rand(2, 42) > 0.2
    print(model(video, mask=mask).shape)
    print(model(video, queries=torch.randn(9, 18)).shape)
