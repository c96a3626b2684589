"""A byte-level language model: merges learnt from text, documents packed into rows, block masks, a sliding cache."""
# modules: own_bytes

import itertools
import math
from collections import OrderedDict, defaultdict, deque
from contextlib import contextmanager, nullcontext
from functools import lru_cache, partial, reduce, wraps
from typing import Iterator, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

TEXT = "the cat sat on the mat. the dog sat on the log. a cat and a dog sat."


class Merge(NamedTuple):
    left: int
    right: int
    made: int


class Tokenizer:
    def __init__(self, text: str, merges: int = 6):
        ids = [ord(c) for c in text]
        self.merges: list[Merge] = []
        for step in range(merges):
            pairs = defaultdict(int)
            for pair in zip(ids, ids[1:]):
                pairs[pair] += 1
            best = max(pairs, key=pairs.get)
            self.merges.append(Merge(*best, 256 + step))
            ids = self.apply(ids, self.merges[-1])
        self.size = 256 + merges

    @staticmethod
    def apply(ids, merge):
        out, i = [], 0
        while i < len(ids):
            if i + 1 < len(ids) and ids[i] == merge.left and ids[i + 1] == merge.right:
                out.append(merge.made)
                i += 2
            else:
                out.append(ids[i])
                i += 1
        return out

    @lru_cache(maxsize=None)
    def encode(self, text: str):
        return reduce(self.apply, self.merges, [ord(c) for c in text])


def pack(documents, length) -> Iterator[tuple[list[int], list[int]]]:
    """Rows of exactly `length` tokens, each with the number of its document."""
    tokens, owners = deque(), deque()
    for number, document in enumerate(documents):
        tokens.extend(document)
        owners.extend([number] * len(document))
        while len(tokens) >= length:
            yield [tokens.popleft() for _ in range(length)], [owners.popleft() for _ in range(length)]


def block_mask(owners: Tensor, window: int) -> Tensor:
    n = owners.shape[-1]
    same = owners.unsqueeze(-1) == owners.unsqueeze(-2)
    distance = torch.arange(n).unsqueeze(1) - torch.arange(n).unsqueeze(0)
    return same & (distance >= 0) & (distance < window)


def rotary(length, dim, base=500.0):
    angle = torch.arange(length)[:, None] / base ** (torch.arange(dim // 2)[None] / (dim // 2))
    return torch.stack((angle.cos(), angle.sin()))


def rotate(x: Tensor, table: Tensor) -> Tensor:
    cos, sin = table[:, -x.shape[-2] :].unbind()
    even, odd = x[..., ::2], x[..., 1::2]
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), dim=-1).flatten(-2)


class Cache:
    def __init__(self, window):
        self.window = window
        self.keys = self.values = None
        self.seen = 0

    def update(self, k, v):
        if self.keys is not None:
            k = torch.cat((self.keys, k), dim=-2)
            v = torch.cat((self.values, v), dim=-2)
        self.keys, self.values = k[..., -self.window :, :], v[..., -self.window :, :]
        self.seen += 1
        return self.keys, self.values


class Attention(nn.Module):
    def __init__(self, dim, heads, groups, window):
        super().__init__()
        assert heads % groups == 0
        self.heads, self.groups, self.window = heads, groups, window
        self.head_dim = dim // heads
        self.sizes = [dim, groups * self.head_dim, groups * self.head_dim]
        self.qkv = nn.Linear(dim, sum(self.sizes), bias=False)
        self.gate = nn.Parameter(torch.zeros(heads, 1, 1))
        self.out = nn.Linear(dim, dim, bias=False)
        self.q_norm, self.k_norm = nn.RMSNorm(self.head_dim), nn.RMSNorm(self.head_dim)

    def forward(self, x, table, mask=None, cache=None):
        q, k, v = self.qkv(x).split(self.sizes, dim=-1)
        q, k, v = (t.reshape(*t.shape[:2], -1, self.head_dim).movedim(2, 1) for t in (q, k, v))
        q, k = rotate(self.q_norm(q), table), rotate(self.k_norm(k), table)
        if cache is not None:
            k, v = cache.update(k, v)
        k, v = (t.repeat_interleave(self.heads // self.groups, dim=1) for t in (k, v))
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=None if mask is None else mask.unsqueeze(1))
        y = y * torch.sigmoid(self.gate)
        return self.out(y.movedim(1, 2).flatten(start_dim=2))


class Experts(nn.Module):
    def __init__(self, dim, hidden, count, active=2):
        super().__init__()
        self.active = active
        self.router = nn.Linear(dim, count)
        self.up = nn.Parameter(torch.randn(count, dim, 2 * hidden) / math.sqrt(dim))
        self.down = nn.Parameter(torch.randn(count, hidden, dim) / math.sqrt(hidden))

    def forward(self, x):
        weights, chosen = self.router(x).softmax(-1).topk(self.active)
        weights = weights / weights.sum(-1, keepdim=True)
        one_hot = F.one_hot(chosen, self.up.shape[0]).to(x.dtype)
        share = torch.einsum("bsk,bske->bse", weights, one_hot)
        a, b = torch.einsum("bsd,edh->bseh", x, self.up).chunk(2, dim=-1)
        y = torch.einsum("bseh,ehd->bsed", F.silu(a) * b, self.down)
        return (y * share.unsqueeze(-1)).sum(-2), one_hot.mean(dim=(0, 1, 2))


class Layer(nn.Module):
    def __init__(self, dim, index, **kwargs):
        super().__init__()
        self.norms = nn.ModuleList(nn.RMSNorm(dim) for _ in range(2))
        self.attention = Attention(dim, **kwargs)
        self.mlp = Experts(dim, 3 * dim // 2, 4) if index % 2 else nn.Sequential(OrderedDict(up=nn.Linear(dim, 2 * dim), act=nn.SiLU(), down=nn.Linear(2 * dim, dim)))

    def forward(self, x, *args, **kwargs):
        first, second = self.norms
        x = x + self.attention(first(x), *args, **kwargs)
        y = self.mlp(second(x))
        load = None
        if isinstance(y, tuple):
            y, load = y
        return x + y, load


@contextmanager
def evaluating(model):
    was = model.training
    model.eval()
    try:
        yield model
    finally:
        model.train(was)


def no_grad_if(condition):
    def decorate(fn):
        @wraps(fn)
        def inner(*args, **kwargs):
            with torch.no_grad() if condition else nullcontext():
                return fn(*args, **kwargs)

        return inner

    return decorate


class Model(nn.Module):
    def __init__(self, vocabulary, dim=32, depth=3, window=8, length=16, **kwargs):
        super().__init__()
        self.window = window
        self.embed = nn.Embedding(vocabulary, dim)
        self.layers = nn.ModuleList([Layer(dim, i, window=window, **kwargs) for i in range(depth)])
        self.norm = nn.RMSNorm(dim)
        self.register_buffer("table", rotary(length, dim // kwargs["heads"]), persistent=False)

    def forward(self, ids, owners=None, caches=()):
        x = self.embed(ids)
        mask = block_mask(owners, self.window) if owners is not None else None
        loads = []
        for layer, cache in itertools.zip_longest(self.layers, caches):
            x, load = layer(x, self.table[:, : ids.shape[1]] if not caches else self.table[:, -1:], mask=mask, cache=cache)
            if load is not None:
                loads.append(load)
        logits = self.norm(x) @ self.embed.weight.t()
        return logits, torch.stack(loads).var(dim=-1).mean()


@no_grad_if(True)
def generate(model, ids, steps):
    caches = [Cache(model.window) for _ in model.layers]
    with evaluating(model) as model:
        for position in range(ids.shape[1]):
            logits, _ = model(ids[:, position : position + 1], caches=caches)
        for _ in range(steps):
            scores = logits[:, -1] / 0.8
            floor = scores.topk(5).values[:, -1:]
            scores = scores.masked_fill(scores < floor, -torch.inf)
            noise = -torch.log(-torch.log(torch.rand_like(scores)))
            token = (scores + noise).argmax(-1, keepdim=True)
            ids = torch.cat([ids, token], dim=1)
            logits, _ = model(token, caches=caches)
    return ids


torch.manual_seed(0)
tokenizer = Tokenizer(TEXT)
documents = [tokenizer.encode(part.strip()) for part in TEXT.split(".") if part.strip()]
rows = list(pack(documents, 13))
ids, owners = (torch.tensor(part) for part in zip(*rows))
model = Model(tokenizer.size, heads=4, groups=2)
get_loss = partial(F.cross_entropy, ignore_index=-100)
for _ in range(2):
    logits, balance = model(ids[:, :-1], owners[:, :-1])
    targets = torch.where(owners[:, 1:] == owners[:, :-1], ids[:, 1:], -100)
    loss = get_loss(logits.flatten(0, 1), targets.flatten()) + 0.1 * balance
    grads = torch.autograd.grad(loss, list(model.parameters()), allow_unused=True)
    with torch.no_grad():
        for p, g in zip(model.parameters(), grads):
            if g is not None:
                p -= 0.01 * g
print(ids.shape, generate(model, ids[:1, :4], 3).shape, loss)
