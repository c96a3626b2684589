"""Latent attention whose cache is compressed, experts chosen with a bias instead of a loss, a head that predicts two tokens, weights by name."""
# modules: own_latent

import math
from collections import OrderedDict
from dataclasses import asdict, dataclass, fields
from functools import partial
from typing import Literal, NamedTuple, Optional, Self

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint


@dataclass
class Config:
    vocab: int = 48
    dim: int = 32
    depth: int = 3
    heads: int = 4
    q_rank: int = 12
    kv_rank: int = 10
    nope_dim: int = 6
    rope_dim: int = 4
    v_dim: int = 8
    experts: int = 4
    shared: int = 1
    active: int = 2
    expert_dim: int = 20
    dense_dim: int = 48
    dense_layers: int = 1
    score: Literal["sigmoid", "softmax"] = "sigmoid"
    theta: float = 1e4
    max_len: int = 64

    @classmethod
    def preset(cls, name: str, **overrides) -> Self:
        match name.split("-"):
            case ["tiny"]:
                base = {}
            case ["tiny", "deep"]:
                base = {"depth": 4, "dense_layers": 2}
            case ["tiny", *_]:
                base = {"score": "softmax", "q_rank": 0}
            case _:
                raise KeyError(name)
        known = {f.name for f in fields(cls)}
        return cls(**{k: v for k, v in {**base, **overrides}.items() if k in known})

    @property
    def qk_dim(self) -> int:
        return self.nope_dim + self.rope_dim


class Cache(NamedTuple):
    latent: Tensor
    rope: Tensor

    @property
    def length(self) -> int:
        return self.latent.shape[1]

    def extended(self, latent: Tensor, rope: Tensor) -> "Cache":
        return self._replace(latent=torch.cat((self.latent, latent), 1), rope=torch.cat((self.rope, rope), 1))


def frequencies(cfg: Config) -> Tensor:
    inv = 1.0 / cfg.theta ** (torch.arange(0, cfg.rope_dim, 2).float() / cfg.rope_dim)
    angles = torch.outer(torch.arange(cfg.max_len), inv)
    return torch.polar(torch.ones_like(angles), angles)


def rotate(x: Tensor, freqs: Tensor) -> Tensor:
    pairs = torch.view_as_complex(x.float().unflatten(-1, (-1, 2)))
    turned = pairs * freqs.view(1, x.size(1), 1, -1)
    return torch.view_as_real(turned).flatten(-2).type_as(x)


class LatentAttention(nn.Module):
    def __init__(self, cfg: Config):
        super().__init__()
        self.cfg = cfg
        c, H = cfg, cfg.heads
        if c.q_rank:
            self.q = nn.Sequential(OrderedDict(down=nn.Linear(c.dim, c.q_rank, bias=False), norm=nn.RMSNorm(c.q_rank), up=nn.Linear(c.q_rank, H * c.qk_dim, bias=False)))
        else:
            self.q = nn.Linear(c.dim, H * c.qk_dim, bias=False)
        self.kv_down = nn.Linear(c.dim, c.kv_rank + c.rope_dim, bias=False)
        self.kv_norm = nn.RMSNorm(c.kv_rank)
        self.kv_up = nn.Linear(c.kv_rank, H * (c.nope_dim + c.v_dim), bias=False)
        self.out = nn.Linear(H * c.v_dim, c.dim, bias=False)
        self.scale = 1 / math.sqrt(c.qk_dim)

    def project(self, x: Tensor, freqs: Tensor):
        B, T, _ = x.shape
        c = self.cfg
        q = self.q(x).view(B, T, c.heads, c.qk_dim)
        q_nope, q_rope = q.split([c.nope_dim, c.rope_dim], dim=-1)
        latent, k_rope = self.kv_down(x).tensor_split([c.kv_rank], dim=-1)
        return q_nope, rotate(q_rope, freqs), self.kv_norm(latent), rotate(k_rope[:, :, None], freqs).squeeze(2)

    def forward(self, x: Tensor, freqs: Tensor, cache: Optional[Cache] = None):
        return self.absorbed(x, freqs, cache) if cache is not None else self.full(x, freqs)

    def full(self, x, freqs):
        B, T, _ = x.shape
        c = self.cfg
        q_nope, q_rope, latent, k_rope = self.project(x, freqs)
        k_nope, v = self.kv_up(latent).view(B, T, c.heads, -1).split((c.nope_dim, c.v_dim), -1)
        q = torch.cat([q_nope, q_rope], dim=-1)
        k = torch.cat([k_nope, k_rope.unsqueeze(2).expand(-1, -1, c.heads, -1)], dim=-1)
        out = F.scaled_dot_product_attention(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2), is_causal=True, scale=self.scale)
        return self.out(out.transpose(1, 2).flatten(2)), Cache(latent, k_rope)

    def absorbed(self, x, freqs, cache: Cache):
        """The weights that widen keys and values are folded into queries and outputs."""
        c = self.cfg
        q_nope, q_rope, latent, k_rope = self.project(x, freqs)
        cache = cache.extended(latent, k_rope)
        weight = self.kv_up.weight.view(c.heads, -1, c.kv_rank)
        w_k, w_v = weight[:, : c.nope_dim], weight[:, c.nope_dim :]
        q_latent = torch.einsum("bthn,hnr->bthr", q_nope, w_k)
        scores = torch.einsum("bthr,bsr->bhts", q_latent, cache.latent)
        scores = (scores + torch.einsum("bthp,bsp->bhts", q_rope, cache.rope)) * self.scale
        rows = torch.arange(cache.length - x.size(1), cache.length)
        scores = scores.masked_fill(torch.arange(cache.length) > rows[:, None], -math.inf)
        mixed = torch.einsum("bhts,bsr->bthr", scores.softmax(-1), cache.latent)
        return self.out(torch.einsum("bthr,hvr->bthv", mixed, w_v).flatten(-2)), cache


class SwiGLU(nn.Module):
    def __init__(self, dim: int, hidden: int):
        super().__init__()
        self.w1, self.w3 = (nn.Linear(dim, hidden, bias=False) for _ in range(2))
        self.w2 = nn.Linear(hidden, dim, bias=False)

    def forward(self, x):
        return self.w2(F.silu(self.w1(x)) * self.w3(x))


class Experts(nn.Module):
    def __init__(self, cfg: Config, rate: float = 1e-3):
        super().__init__()
        self.active, self.rate, self.kind = cfg.active, rate, cfg.score
        self.gate = nn.Parameter(torch.randn(cfg.experts, cfg.dim) * 0.02)
        self.register_buffer("bias", torch.zeros(cfg.experts))
        self.routed = nn.ModuleList([SwiGLU(cfg.dim, cfg.expert_dim) for _ in range(cfg.experts)])
        self.shared = SwiGLU(cfg.dim, cfg.shared * cfg.expert_dim)

    def route(self, x: Tensor):
        logits = F.linear(x, self.gate)
        scores = logits.sigmoid() if self.kind == "sigmoid" else logits.softmax(-1)
        chosen = (scores + self.bias).topk(self.active, dim=-1).indices
        weights = scores.gather(-1, chosen)
        return weights / weights.sum(-1, keepdim=True), chosen

    def balance(self):
        self.bias += self.rate * torch.sign(self.load.mean() - self.load)

    def forward(self, x: Tensor) -> Tensor:
        shape = x.shape
        x = x.view(-1, shape[-1])
        weights, chosen = self.route(x)
        y = torch.zeros_like(x)
        load = torch.bincount(chosen.flatten(), minlength=len(self.routed))
        for i, expert in enumerate(self.routed):
            if load[i] == 0:
                continue
            token, slot = torch.where(chosen == i)
            y[token] += expert(x[token]) * weights[token, slot, None]
        self.load = load.float()
        return (y + self.shared(x)).view(shape)


class Block(nn.Module):
    def __init__(self, index: int, cfg: Config):
        super().__init__()
        self.norms = nn.ModuleDict({k: nn.RMSNorm(cfg.dim) for k in ("attn", "ffn")})
        self.attn = LatentAttention(cfg)
        self.ffn = SwiGLU(cfg.dim, cfg.dense_dim) if index < cfg.dense_layers else Experts(cfg)

    def forward(self, x, freqs, cache=None):
        mixed, cache = self.attn(self.norms["attn"](x), freqs, cache)
        x = x + mixed
        return x + self.ffn(self.norms["ffn"](x)), cache


class Model(nn.Module):
    def __init__(self, cfg: Config):
        super().__init__()
        self.cfg = cfg
        self.embed = nn.Embedding(cfg.vocab, cfg.dim)
        self.blocks = nn.ModuleList(map(partial(Block, cfg=cfg), range(cfg.depth)))
        self.norm = nn.RMSNorm(cfg.dim)
        self.head = nn.Linear(cfg.dim, cfg.vocab, bias=False)
        self.head.weight = self.embed.weight
        self.second = nn.ModuleDict({"join": nn.Linear(2 * cfg.dim, cfg.dim), "block": Block(cfg.depth, cfg)})
        self.register_buffer("freqs", frequencies(cfg), persistent=False)

    def forward(self, ids: Tensor, caches: Optional[list[Cache]] = None):
        start = caches[0].length if caches else 0
        freqs = self.freqs[start : start + ids.shape[1]]
        x = self.embed(ids)
        kept = []
        for i, block in enumerate(self.blocks):
            if self.training:
                x, cache = checkpoint(block, x, freqs, use_reentrant=False)
            else:
                x, cache = block(x, freqs, caches and caches[i])
            kept.append(cache)
        return self.head(self.norm(x)), x, kept

    def loss(self, ids: Tensor, weight: float = 0.3) -> Tensor:
        logits, hidden, _ = self(ids[:, :-1])
        first = F.cross_entropy(logits.transpose(1, 2), ids[:, 1:])
        joined = torch.cat([hidden[:, :-1], self.embed(ids[:, 1:-1])], dim=-1)
        h, _ = self.second["block"](self.second["join"](joined), self.freqs[: joined.size(1)])
        after = self.head(self.norm(h))
        return first + weight * F.cross_entropy(after.flatten(end_dim=1), ids[:, 2:].flatten())

    @torch.no_grad()
    def generate(self, ids: Tensor, steps: int):
        self.eval()
        logits, _, caches = self(ids)
        for _ in range(steps):
            token = logits[:, -1:].argmax(-1)
            ids = torch.cat([ids, token], dim=1)
            logits, _, caches = self(token, caches)
        return ids, caches


def main():
    torch.manual_seed(11)
    for name in ("tiny", "tiny-deep", "tiny-plain-gate"):
        cfg = Config.preset(name, theta=5e3, unknown=1)
        model = Model(cfg)
        print({k: v for k, v in asdict(cfg).items() if k.endswith("dim")}, sum(p.numel() for p in model.parameters()))
        optimiser = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, nesterov=True)
        model.train()
        for _ in range(2):
            loss = model.loss(torch.randint(cfg.vocab, (2, 9)))
            loss.backward()
            optimiser.step()
            optimiser.zero_grad()
            for experts in filter(lambda m: isinstance(m, Experts), model.modules()):
                experts.balance()
        state = {k: v.half() for k, v in model.state_dict().items() if v.is_floating_point()}
        copy = Model(cfg)
        copy.load_state_dict(state, strict=False)
        ids, caches = copy.generate(torch.tensor([[1, 2, 3], [4, 5, 6]]), steps=3)
        print(ids.shape, caches[-1].latent.shape, caches[-1].rope.shape)


if __name__ == "__main__":
    main()
