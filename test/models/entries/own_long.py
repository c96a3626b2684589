"""Long texts: attention in blocks that are gathered, in buckets by hashes, in windows, and to summaries; which one is a matter of a registry."""
# modules: own_long

import math
import typing
from collections import ChainMap
from functools import cache, wraps
from typing import Callable, ClassVar, Dict, Generic, Type, TypeVar

import torch
import torch.nn as nn
import torch.nn.functional as F

T = TypeVar("T")


class Registry(Generic[T]):
    def __init__(self):
        self._entries: Dict[str, Type[T]] = {}

    def __call__(self, name: str) -> Callable:
        def add(cls):
            assert name not in self._entries, name
            self._entries[name] = cls
            cls.kind = name
            return cls

        return add

    def __getitem__(self, name):
        return self._entries[name]

    def __iter__(self):
        return iter(self._entries)

    def __len__(self):
        return len(self._entries)


kinds: Registry["Attention"] = Registry()


def padded(multiple_of: str):
    """Lengthens what a method gets to a multiple of an attribute, and cuts what it gives."""

    def decorate(method):
        @wraps(method)
        def inner(self, q, k, v, mask):
            n = q.size(-2)
            extra = -n % getattr(self, multiple_of)
            if extra:
                q, k, v = (F.pad(t, (0, 0, 0, extra)) for t in (q, k, v))
                mask = F.pad(mask, (0, extra), value=False)
            return method(self, q, k, v, mask)[..., :n, :]

        return inner

    return decorate


@cache
def offsets(n: int) -> torch.Tensor:
    at = torch.arange(n)
    return at[None] - at[:, None]


class Attention(nn.Module):
    kind: ClassVar[str] = "none"

    def __init__(self, width: int, heads: int, **options):
        super().__init__()
        self.heads = heads
        self.to_qkv, self.to_out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        for name, value in ChainMap(options, self.defaults()).items():
            setattr(self, name, value)
        self.build(width // heads)

    @classmethod
    def defaults(cls) -> dict:
        return {}

    def build(self, head_width): ...

    def attend(self, q, k, v, mask):
        raise NotImplementedError

    def forward(self, x, mask):
        b, n, d = x.shape
        q, k, v = self.to_qkv(x).view(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        y = self.attend(q, k, v, mask)
        return self.to_out(y.movedim(1, 2).flatten(-2)).masked_fill(~mask[..., None], 0.0)


def softmax(scores, mask):
    return scores.masked_fill(~mask, torch.finfo(scores.dtype).min).softmax(-1)


@kinds("window")
class Windowed(Attention):
    """Each block looks at itself and its neighbours."""

    @classmethod
    def defaults(cls):
        return {"block": 4, "reach": 1}

    def build(self, head_width):
        self.bias = nn.Embedding(2 * self.reach * self.block + 2 * self.block, self.heads)

    @padded("block")
    def attend(self, q, k, v, mask):
        b, h, n, d = q.shape
        blocks = n // self.block
        q = q.reshape(b, h, blocks, self.block, d)
        k, v = (F.pad(t.reshape(b, h, blocks, self.block, d), (0, 0, 0, 0, self.reach, self.reach)) for t in (k, v))
        seen = F.pad(mask.view(b, blocks, self.block), (0, 0, self.reach, self.reach), value=False)
        span = 2 * self.reach + 1
        k, v = (t.unfold(2, span, 1).permute(0, 1, 2, 5, 3, 4).flatten(3, 4) for t in (k, v))
        seen = seen.unfold(1, span, 1).transpose(-1, -2).flatten(2)
        rows = torch.arange(self.block)[:, None] + self.reach * self.block
        bias = self.bias(torch.arange(span * self.block) - rows + (self.reach + 1) * self.block - 1).permute(2, 0, 1)
        scores = q @ k.mT * d**-0.5 + bias[:, None]
        return (softmax(scores, seen[:, None, :, None]) @ v).flatten(2, 3)


@kinds("sparse")
class Sparse(Attention):
    """Each block of queries picks the blocks of keys whose means suit it best."""

    block, top = 4, 2

    @padded("block")
    def attend(self, q, k, v, mask):
        b, h, n, d = q.shape
        m = n // self.block
        q, k, v = (t.unflatten(2, (m, self.block)) for t in (q, k, v))
        scores = torch.einsum("bhid,bhjd->bhij", q.mean(3), k.mean(3))
        alive = mask.view(b, 1, 1, m, self.block).any(-1)
        chosen = scores.masked_fill(~alive, -torch.inf).topk(min(self.top, m), dim=-1).indices
        t = chosen.size(-1)
        where = chosen[..., None, None].expand(-1, -1, -1, -1, self.block, d)
        k, v = (s[:, :, None].expand(-1, -1, m, -1, -1, -1).gather(3, where).flatten(3, 4) for s in (k, v))
        seen = mask.view(b, 1, 1, m, self.block).expand(-1, h, m, -1, -1)
        seen = seen.gather(3, chosen.unsqueeze(-1).expand(*chosen.shape, self.block)).view(b, h, m, 1, t * self.block)
        weights = softmax(torch.einsum("bhmqd,bhmkd->bhmqk", q, k) / math.sqrt(d), seen)
        return torch.einsum("bhmqk,bhmkd->bhmqd", weights, v).reshape(b, h, n, d)


@kinds("hashed")
class Hashed(Attention):
    """Queries that fall into one bucket look at one another, in chunks of the sorted order."""

    chunk, buckets = 6, 4

    def build(self, head_width):
        self.register_buffer("planes", torch.randn(self.heads, head_width, self.buckets // 2))

    @padded("chunk")
    def attend(self, q, k, v, mask):
        turned = torch.einsum("bhnd,hdr->bhnr", q, self.planes)
        bucket = torch.cat([turned, -turned], dim=-1).argmax(dim=-1)
        order = torch.argsort(bucket * q.size(2) + torch.arange(q.size(2)), dim=-1)
        back = torch.empty_like(order).scatter_(-1, order, torch.arange(q.size(2)).expand_as(order))
        pick = lambda t: t.gather(2, order[..., None].expand_as(t)).unfold(2, self.chunk, self.chunk).mT
        sq, sv = pick(q), pick(v)
        seen = mask[:, None].expand_as(order).gather(-1, order).unflatten(-1, (-1, self.chunk))
        scores = torch.matmul(sq, F.normalize(sq, dim=-1).transpose(-2, -1))
        scores.diagonal(dim1=-2, dim2=-1).fill_(-1e3)
        out = (softmax(scores, seen.unsqueeze(-2)) @ sv).flatten(2, 3)
        return torch.take_along_dim(out, back.unsqueeze(-1), dim=2)


@kinds("summary")
class Summary(Attention):
    """Keys and values are carried to a fixed number of places."""

    @classmethod
    def defaults(cls):
        return dict(places=5)

    def build(self, head_width):
        self.keys = nn.Linear(head_width, self.places, bias=False)

    def attend(self, q, k, v, mask):
        share = self.keys(k).masked_fill(~mask[:, None, :, None], float("-inf")).softmax(dim=-2)
        k, v = (torch.einsum("bhnp,bhnd->bhpd", share, t) for t in (k, v))
        return F.scaled_dot_product_attention(q, k, v)


class Model(nn.Module):
    def __init__(self, vocabulary, width, pattern: str, heads=2):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, width)
        names = pattern.split(">")
        self.layers = nn.ModuleList([kinds[n.strip()](width, heads) for n in names])
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in names)
        self.decay = nn.Parameter(torch.tensor(0.1))

    def forward(self, ids):
        mask = ids.ne(0)
        x = self.embed(ids)
        seen = {}
        for layer, norm in zip(self.layers, self.norms):
            x = x + layer(norm(x), mask)
            seen.setdefault(layer.kind, []).append(x.norm(dim=-1))
        pull = torch.exp(-self.decay * offsets(x.size(1)).abs())
        x = (pull / pull.sum(-1, keepdim=True)) @ x
        last = mask.sum(1) - 1
        return x[torch.arange(len(x)), last], seen


def main():
    torch.manual_seed(0)
    ids = torch.randint(1, 30, (3, 18))
    ids[1, 15:] = 0
    ids[2, 9:] = 0
    model = Model(30, 16, " > ".join(kinds))
    head = nn.Linear(16, 4)
    optimiser = torch.optim.NAdam([*model.parameters(), *head.parameters()], lr=1e-3)
    for _ in range(2):
        summary, seen = model(ids)
        loss = F.multi_margin_loss(head(summary), torch.tensor([0, 2, 3]))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
    norms = torch.cat([torch.stack(v) for v in seen.values()])
    hints = typing.get_type_hints(Attention)
    print(summary.shape, norms.shape, len(kinds), "kind" in hints)


if __name__ == "__main__":
    main()
