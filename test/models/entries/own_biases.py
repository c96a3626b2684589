"""Where a token stands, said in eight ways: one attention, position schemes as classes that register themselves, and a test of length."""
# modules: own_biases

import abc
import enum
import math
from typing import Any, ClassVar, Iterator, Optional, Type

import einops
import torch
import torch.nn as nn
from einops import pack, rearrange, reduce, repeat, unpack
from torch import Tensor


class Where(enum.StrEnum):
    INPUT = "input"
    ROTATION = "rotation"
    BIAS = "bias"
    NOWHERE = "nowhere"


class Scheme(nn.Module, abc.ABC):
    known: ClassVar[dict[str, Type["Scheme"]]] = {}
    where: ClassVar[Where]
    label: ClassVar[str]

    def __init_subclass__(cls, /, label: str, where: Where, **kwargs: Any):
        super().__init_subclass__(**kwargs)
        cls.label, cls.where = label, where
        Scheme.known[label] = cls

    def __init__(self, dim: int, heads: int, length: int):
        super().__init__()
        self.dim, self.heads, self.length = dim, heads, length

    @abc.abstractmethod
    def forward(self, *args: Tensor) -> Any: ...

    @classmethod
    def build(cls, label: str, *args, **kwargs) -> "Scheme":
        try:
            return cls.known[label](*args, **kwargs)
        except KeyError as error:
            raise ValueError(f"{label} is none of {', '.join(cls.known)}") from error


class Nothing(Scheme, label="nope", where=Where.NOWHERE):
    def forward(self, x):
        return x


class Learned(Scheme, label="learned", where=Where.INPUT):
    def __init__(self, *args):
        super().__init__(*args)
        self.table = nn.Parameter(torch.randn(self.length, self.dim) / self.dim**0.5)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.table[: x.shape[-2]]


class Sinusoid(Scheme, label="sinusoid", where=Where.INPUT):
    def forward(self, x: Tensor) -> Tensor:
        n, d = x.shape[-2:]
        angle = einops.einsum(torch.arange(n).float(), 1e4 ** -(torch.arange(d // 2) / (d // 2)), "n, d -> n d")
        return x + rearrange([angle.sin(), angle.cos()], "two n d -> n (d two)")


class Rotary(Scheme, label="rope", where=Where.ROTATION):
    base: float = 1e4

    def angles(self, n: int) -> Tensor:
        half = self.dim // self.heads // 2
        theta = self.base ** (-torch.arange(half) / half)
        return torch.arange(n)[:, None] * theta

    def forward(self, q: Tensor, k: Tensor) -> tuple[Tensor, Tensor]:
        return tuple(self.turn(t) for t in (q, k))

    def turn(self, t: Tensor) -> Tensor:
        angle = repeat(self.angles(t.shape[-2]), "n d -> n (d r)", r=2)
        x1, x2 = rearrange(t, "... (d r) -> r ... d", r=2)
        turned = rearrange(torch.stack((-x2, x1)), "r ... d -> ... (d r)")
        return t * angle.cos() + turned * angle.sin()


class PartialRotary(Rotary, label="rope-half", where=Where.ROTATION):
    base = 500.0

    def angles(self, n):
        angle = super().angles(n)
        keep = angle.shape[-1] // 2
        return torch.cat([angle[:, :keep], torch.zeros_like(angle[:, keep:])], dim=-1)


class Alibi(Scheme, label="alibi", where=Where.BIAS):
    def __init__(self, dim, heads, length):
        super().__init__(dim, heads, length)
        self.register_buffer("slopes", torch.tensor([*self.powers(heads)]), persistent=False)

    @staticmethod
    def powers(heads: int) -> Iterator[float]:
        closest = 2 ** math.floor(math.log2(heads))
        yield from (2.0 ** (-8.0 * (i + 1) / closest) for i in range(closest))
        yield from (2.0 ** (-4.0 * (2 * i + 1) / closest) for i in range(heads - closest))

    def forward(self, rows: Tensor, cols: Tensor) -> Tensor:
        distance = (rows[:, None] - cols[None, :]).abs()
        return -distance * rearrange(self.slopes, "h -> h 1 1")


class Buckets(Scheme, label="t5", where=Where.BIAS):
    def __init__(self, dim, heads, length, buckets: int = 8, far: int = 16):
        super().__init__(dim, heads, length)
        self.buckets, self.far = buckets, far
        self.table = nn.Embedding(buckets, heads)

    def bucket(self, distance: Tensor) -> Tensor:
        exact = self.buckets // 2
        ratio = torch.log(distance.clamp(min=1).float() / exact) / math.log(self.far / exact)
        large = (exact + ratio * (self.buckets - exact)).long().clamp_max(self.buckets - 1)
        return torch.where(distance < exact, distance, large)

    def forward(self, rows, cols):
        distance = torch.relu(rows.unsqueeze(1) - cols.unsqueeze(0))
        return self.table(self.bucket(distance)).permute(2, 0, 1)


class Fire(Scheme, label="fire", where=Where.BIAS):
    def __init__(self, dim, heads, length, hidden=12):
        super().__init__(dim, heads, length)
        self.mlp = nn.Sequential(nn.Linear(1, hidden), nn.ReLU(), nn.Linear(hidden, heads))
        self.c = nn.Parameter(torch.tensor(0.1))
        self.threshold = nn.Parameter(torch.tensor(float(length)))

    def squash(self, x: Tensor) -> Tensor:
        return torch.log1p((self.c * x).abs())

    def forward(self, rows, cols):
        distance = rows[:, None] - cols[None]
        scale = torch.maximum(rows, self.threshold)[:, None]
        share = self.squash(distance.float()) / self.squash(scale)
        return rearrange(self.mlp(share[..., None]), "i j h -> h i j")


class Attention(nn.Module):
    def __init__(self, dim: int, heads: int, scheme: Scheme):
        super().__init__()
        self.heads, self.scheme = heads, scheme
        self.to_qkv = nn.Linear(dim, 3 * dim, bias=False)
        self.to_out = nn.Linear(dim, dim, bias=False)

    def forward(self, x: Tensor, mask: Optional[Tensor] = None) -> Tensor:
        q, k, v = rearrange(self.to_qkv(x), "b n (three h d) -> three b h n d", three=3, h=self.heads)
        if self.scheme.where is Where.ROTATION:
            q, k = self.scheme(q, k)
        n = q.shape[-2]
        logits = einops.einsum(q, k, "b h i d, b h j d -> b h i j") / q.shape[-1] ** 0.5
        if self.scheme.where == Where.BIAS:
            where = torch.arange(n)
            logits = logits + self.scheme(where, where)
        causal = torch.ones(n, n, dtype=torch.bool).tril()
        if mask is not None:
            causal = causal & rearrange(mask, "b j -> b 1 1 j")
        logits = logits.masked_fill(~causal, torch.finfo(logits.dtype).min)
        out = einops.einsum(logits.softmax(-1), v, "b h i j, b h j d -> b h i d")
        return self.to_out(rearrange(out, "b h n d -> b n (h d)"))


class Tower(nn.Module):
    def __init__(self, vocab=20, dim=24, heads=3, depth=2, length=12, scheme="nope", registers=2):
        super().__init__()
        self.embed = nn.Embedding(vocab, dim)
        self.registers = nn.Parameter(torch.randn(registers, dim))
        self.scheme = Scheme.build(scheme, dim, heads, length + registers)
        self.layers = nn.ModuleList([])
        for _ in range(depth):
            block = nn.ModuleList([nn.LayerNorm(dim), Attention(dim, heads, self.scheme), nn.Sequential(nn.LayerNorm(dim), nn.Linear(dim, 2 * dim), nn.GELU(), nn.Linear(2 * dim, dim))])
            self.layers.append(block)
        self.to_logits = nn.Linear(dim, vocab)

    def forward(self, ids, lengths=None):
        x = self.embed(ids)
        registers = repeat(self.registers, "r d -> b r d", b=x.shape[0])
        x, packed = pack([registers, x], "b * d")
        mask = None
        if lengths is not None:
            mask = torch.arange(x.shape[1])[None, :] < lengths[:, None] + self.registers.shape[0]
        if self.scheme.where is Where.INPUT:
            x = self.scheme(x)
        for norm, attend, feed in self.layers:
            x = x + attend(norm(x), mask)
            x = x + feed(x)
        _, x = unpack(x, packed, "b * d")
        return self.to_logits(x), reduce(x, "b n d -> b d", "mean")


def perplexity(model: Tower, length: int) -> float:
    ids = torch.arange(length).remainder(7).expand(2, -1)
    with torch.inference_mode():
        logits, _ = model(ids[:, :-1], torch.tensor([length - 1, length // 2]))
    losses = nn.functional.cross_entropy(rearrange(logits, "b n v -> b v n"), ids[:, 1:], reduction="none")
    return losses.mean(dim=-1).exp()[0].item()


def main():
    torch.manual_seed(0)
    table: dict[str, list[float]] = {}
    for label, kind in Scheme.known.items():
        model = Tower(scheme=label)
        opt = torch.optim.RAdam(model.parameters(), 1e-2)
        ids = repeat(torch.arange(13) % 7, "n -> b n", b=4)
        for _ in range(2):
            logits, pooled = model(ids[:, :-1])
            loss = nn.CrossEntropyLoss()(logits.flatten(0, -2), ids[:, 1:].reshape(-1))
            loss.backward()
            opt.step()
            opt.zero_grad()
        far = [12] if kind.where == "input" else [12, 18]
        table[f"{kind.__name__}/{kind.where}"] = [perplexity(model, n) for n in far]
    widest = max(map(len, table))
    for name, row in sorted(table.items(), key=lambda item: item[1]):
        print(f"{name:<{widest}}", *(f"{p:8.3f}" for p in row))


if __name__ == "__main__":
    main()
