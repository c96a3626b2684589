"""Two language models that decode together: rings of keys and values, rotary places, drafts that are accepted or not, samplers as a chain."""
# modules: own_speculative

from __future__ import annotations

import enum
import string
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, scaled_dot_product_attention, silu


class Stop(enum.Enum):
    LENGTH = enum.auto()
    END = enum.auto()


@dataclass(frozen=True)
class Config:
    vocabulary: int
    width: int = 32
    heads: int = 4
    groups: int = 2
    layers: int = 2
    window: int = 16
    base: float = 10_000.0

    @property
    def head_width(self) -> int:
        return self.width // self.heads


class Characters:
    def __init__(self, alphabet: str = string.ascii_lowercase + " .\n"):
        self.alphabet = alphabet
        self._index = dict(map(reversed, enumerate(alphabet)))

    def encode(self, text: str) -> list[int]:
        return [self._index[c] for c in text if c in self._index]

    def decode(self, ids: Sequence[int]) -> str:
        return "".join(map(self.alphabet.__getitem__, ids))

    def __len__(self) -> int:
        return len(self.alphabet)


@dataclass
class LayerCache:
    keys: Tensor | None = None
    values: Tensor | None = None

    def extend(self, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        if self.keys is None:
            self.keys, self.values = k, v
        else:
            self.keys = torch.cat([self.keys, k], dim=-2)
            self.values = torch.cat([self.values, v], dim=-2)
        return self.keys, self.values

    def trim(self, length: int) -> None:
        if self.keys is not None:
            self.keys, self.values = self.keys[..., :length, :], self.values[..., :length, :]

    def __len__(self) -> int:
        return 0 if self.keys is None else self.keys.size(-2)


@dataclass
class Cache:
    layers: list[LayerCache] = field(default_factory=list)

    @classmethod
    def of(cls, config: Config) -> Cache:
        return cls([LayerCache() for _ in range(config.layers)])

    @property
    def length(self) -> int:
        return len(self.layers[0])

    def __getitem__(self, i: int) -> LayerCache:
        return self.layers[i]

    def trim(self, length: int) -> Cache:
        for layer in self.layers:
            layer.trim(length)
        return self


class Rotary(nn.Module):
    def __init__(self, dim: int, base: float, longest: int = 128):
        super().__init__()
        inverse = base ** -(torch.arange(0, dim, 2) / dim)
        angles = torch.outer(torch.arange(longest).float(), inverse)
        self.register_buffer("table", torch.polar(torch.ones_like(angles), angles), persistent=False)

    def forward(self, x: Tensor, start: int) -> Tensor:
        pairs = torch.view_as_complex(x.float().unflatten(-1, (-1, 2)).contiguous())
        turned = pairs * self.table[start : start + x.size(-2)]
        return torch.view_as_real(turned).flatten(-2).type_as(x)


class Block(nn.Module):
    def __init__(self, c: Config):
        super().__init__()
        self.c = c
        self.norms = nn.ModuleList(nn.RMSNorm(c.width) for _ in "ab")
        kv = c.groups * c.head_width
        self.qkv = nn.Linear(c.width, c.width + 2 * kv, bias=False)
        self.sizes = (c.width, kv, kv)
        self.out = nn.Linear(c.width, c.width, bias=False)
        self.rotary = Rotary(c.head_width, c.base)
        self.gate, self.up = (nn.Linear(c.width, 3 * c.width, bias=False) for _ in range(2))
        self.down = nn.Linear(3 * c.width, c.width, bias=False)

    def attend(self, x: Tensor, cache: LayerCache | None) -> Tensor:
        b, t, _ = x.shape
        q, k, v = (part.view(b, t, -1, self.c.head_width).transpose(1, 2) for part in self.qkv(x).split(self.sizes, -1))
        past = 0 if cache is None else len(cache)
        q, k = self.rotary(q, past), self.rotary(k, past)
        if cache is not None:
            k, v = cache.extend(k, v)
        rows = torch.arange(past, past + t)[:, None]
        cols = torch.arange(k.size(2))
        mask = (cols <= rows) & (rows - cols < self.c.window)
        y = scaled_dot_product_attention(q, k, v, mask, enable_gqa=True)
        return self.out(y.transpose(1, 2).reshape(b, t, -1))

    def forward(self, x: Tensor, cache: LayerCache | None = None) -> Tensor:
        first, second = self.norms
        x = x + self.attend(first(x), cache)
        h = second(x)
        return x + self.down(silu(self.gate(h)) * self.up(h))


class Model(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        self.embed = nn.Embedding(config.vocabulary, config.width)
        self.blocks = nn.ModuleList(map(Block, [config] * config.layers))
        self.norm = nn.RMSNorm(config.width)

    def forward(self, ids: Tensor, cache: Cache | None = None) -> Tensor:
        x = self.embed(ids)
        for i, block in enumerate(self.blocks):
            x = block(x, cache and cache[i])
        return self.norm(x) @ self.embed.weight.T


class Warper(Protocol):
    @abstractmethod
    def __call__(self, logits: Tensor) -> Tensor: ...


def temperature(t: float) -> Warper:
    return lambda logits: logits / t


def top_k(k: int) -> Warper:
    def warp(logits: Tensor) -> Tensor:
        least = logits.topk(k, dim=-1).values[..., -1:]
        return logits.where(logits >= least, logits.new_tensor(float("-inf")))

    return warp


def nucleus(p: float) -> Warper:
    def warp(logits: Tensor) -> Tensor:
        ordered, index = logits.sort(dim=-1, descending=True)
        before = ordered.softmax(-1).cumsum(-1) - ordered.softmax(-1)
        ordered = ordered.masked_fill(before >= p, float("-inf"))
        return torch.empty_like(logits).scatter(-1, index, ordered)

    return warp


@dataclass
class Decoder:
    target: Model
    draft: Model
    warpers: list[Callable[[Tensor], Tensor]]
    ahead: int = 3
    accepted: int = 0

    def distribution(self, logits: Tensor) -> Tensor:
        for warp in self.warpers:
            logits = warp(logits)
        return logits.softmax(dim=-1)

    def guess(self, ids: Tensor, cache: Cache) -> tuple[Tensor, Tensor]:
        probabilities = []
        for _ in range(self.ahead):
            p = self.distribution(self.draft(ids[:, cache.length :], cache)[:, -1])
            ids = torch.cat([ids, torch.multinomial(p, 1)], dim=1)
            probabilities.append(p)
        return ids, torch.stack(probabilities, dim=1)

    @torch.inference_mode()
    def stream(self, prompt: Tensor, limit: int) -> Iterator[Tensor]:
        ids = prompt
        caches = Cache.of(self.target.config), Cache.of(self.draft.config)
        while ids.size(1) < limit:
            known = ids.size(1)
            longer, q = self.guess(ids, caches[1])
            p = self.distribution(self.target(longer[:, caches[0].length :], caches[0])[:, -self.ahead - 1 :])
            drawn = longer[:, known:, None]
            ratio = (p[:, :-1].gather(-1, drawn) / q.gather(-1, drawn)).squeeze(-1)
            taken = (torch.rand_like(ratio) < ratio).long().cumprod(-1).sum().item()
            self.accepted += taken
            if taken < self.ahead:
                rest = (p[:, taken] - q[:, taken]).clamp(min=0)
                last = torch.multinomial(rest / rest.sum(-1, keepdim=True), 1)
            else:
                last = p[:, -1].argmax(-1, keepdim=True)
            ids = torch.cat([longer[:, : known + taken], last], dim=1)
            for cache in caches:
                cache.trim(known + taken)
            yield ids[:, known:]


def batches(ids: list[int], length: int, count: int) -> Iterator[tuple[Tensor, Tensor]]:
    data = torch.tensor(ids)
    for _ in range(count):
        starts = torch.randint(len(data) - length - 1, (4, 1))
        rows = data[starts + torch.arange(length + 1)]
        yield rows[:, :-1], rows[:, 1:]


def main(text: str = "the cat sat on the mat. the dog sat on the log.\n" * 4) -> Stop:
    torch.manual_seed(2)
    characters = Characters()
    models = [Model(Config(len(characters), layers=n)) for n in (2, 1)]
    for model in models:
        optimiser = torch.optim.Adam(model.parameters(), 3e-3)
        for x, y in batches(characters.encode(text), 20, 4):
            loss = cross_entropy(model(x).transpose(1, 2), y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    decoder = Decoder(*models, warpers=[temperature(0.8), top_k(12), nucleus(0.95)])
    prompt = torch.tensor([characters.encode("the ")])
    written: list[int] = []
    for new in decoder.stream(prompt, 18):
        written += new[0].tolist()
        if "\n" in characters.decode(written):
            return Stop.END
    print(repr(characters.decode(written)), decoder.accepted)
    return Stop.LENGTH


if __name__ == "__main__":
    print(main())
