"""An engine that serves a language model: blocks of a paged cache, a scheduler of requests, sampling parameters, streams of tokens."""
# modules: own_paged

from __future__ import annotations

import enum
import itertools
from collections import deque
from dataclasses import dataclass, field
from typing import ClassVar, Iterable, Iterator, Protocol

import torch
import torch.nn as nn
import torch.nn.functional as F


class Status(enum.Enum):
    WAITING = enum.auto()
    RUNNING = enum.auto()
    FINISHED = enum.auto()


class Finish(enum.Flag):
    NONE = 0
    LENGTH = enum.auto()
    STOP = enum.auto()


@dataclass(frozen=True)
class SamplingParams:
    max_tokens: int = 6
    temperature: float = 1.0
    top_k: int | None = None
    stop: tuple[int, ...] = ()

    @classmethod
    def greedy(cls, **kwargs) -> SamplingParams:
        return cls(temperature=0.0, **kwargs)


@dataclass
class Sequence:
    block_size: ClassVar[int] = 4
    counter: ClassVar[Iterator[int]] = itertools.count()

    tokens: list[int]
    params: SamplingParams = field(default_factory=SamplingParams)
    status: Status = Status.WAITING
    finish: Finish = Finish.NONE
    blocks: list[int] = field(default_factory=list)
    cached: int = 0

    def __post_init__(self):
        self.id = next(Sequence.counter)
        self.prompt_len = len(self.tokens)

    def __len__(self) -> int:
        return len(self.tokens)

    @property
    def needed_blocks(self) -> int:
        return -(-len(self) // self.block_size)

    def slot(self, position: int) -> int:
        block, offset = divmod(position, self.block_size)
        return self.blocks[block] * self.block_size + offset

    def append(self, token: int) -> None:
        self.tokens.append(token)
        if token in self.params.stop:
            self.finish |= Finish.STOP
        if len(self) - self.prompt_len >= self.params.max_tokens:
            self.finish |= Finish.LENGTH
        if self.finish is not Finish.NONE:
            self.status = Status.FINISHED


class BlockManager:
    def __init__(self, count: int):
        self.free = deque(range(count))

    def can_allocate(self, seq: Sequence) -> bool:
        return len(self.free) >= seq.needed_blocks - len(seq.blocks)

    def allocate(self, seq: Sequence) -> None:
        while len(seq.blocks) < seq.needed_blocks:
            seq.blocks.append(self.free.popleft())

    def release(self, seq: Sequence) -> None:
        self.free.extend(seq.blocks)
        seq.blocks.clear()


@dataclass
class Plan:
    """What one forward pass needs to know of its tokens."""

    input_ids: torch.Tensor
    positions: torch.Tensor
    slots: torch.Tensor
    tables: torch.Tensor
    lengths: torch.Tensor
    prefill: bool


class Sampler(Protocol):
    def __call__(self, logits: torch.Tensor, params: SamplingParams) -> torch.Tensor: ...


def default_sampler(logits: torch.Tensor, params: SamplingParams) -> torch.Tensor:
    match params:
        case SamplingParams(temperature=0.0):
            return logits.argmax(dim=-1)
        case SamplingParams(top_k=int(k)):
            values, _ = torch.topk(logits, k)
            logits = logits.masked_fill(logits < values[..., -1:], float("-inf"))
    probs = torch.softmax(logits / params.temperature, dim=-1)
    return torch.multinomial(probs, num_samples=1).squeeze(-1)


class PagedAttention(nn.Module):
    def __init__(self, dim: int, heads: int, kv_heads: int, blocks: int):
        super().__init__()
        self.heads, self.kv_heads, self.head_dim = heads, kv_heads, dim // heads
        self.qkv = nn.Linear(dim, (heads + 2 * kv_heads) * self.head_dim, bias=False)
        self.out = nn.Linear(heads * self.head_dim, dim, bias=False)
        size = Sequence.block_size
        self.register_buffer("k_cache", torch.zeros(blocks, size, kv_heads, self.head_dim), persistent=False)
        self.register_buffer("v_cache", torch.zeros(blocks, size, kv_heads, self.head_dim), persistent=False)

    def forward(self, x: torch.Tensor, plan: Plan) -> torch.Tensor:
        n, _ = x.shape
        sizes = [self.heads * self.head_dim, *[self.kv_heads * self.head_dim] * 2]
        q, k, v = self.qkv(x).split(sizes, dim=-1)
        q = q.view(n, self.heads, self.head_dim)
        k = k.view(n, self.kv_heads, self.head_dim)
        v = v.view(n, self.kv_heads, self.head_dim)
        self.k_cache.flatten(0, 1)[plan.slots] = k
        self.v_cache.flatten(0, 1)[plan.slots] = v
        if plan.prefill:
            groups = self.heads // self.kv_heads
            k, v = (t.repeat_interleave(groups, dim=1) for t in (k, v))
            out = F.scaled_dot_product_attention(*(t.transpose(0, 1) for t in (q, k, v)), is_causal=True)
            return self.out(out.transpose(0, 1).reshape(n, -1))
        keys = self.k_cache[plan.tables].flatten(1, 2)
        values = self.v_cache[plan.tables].flatten(1, 2)
        q = q.view(n, self.kv_heads, -1, self.head_dim)
        scores = torch.einsum("bhgd,bthd->bhgt", q, keys) * self.head_dim**-0.5
        beyond = torch.arange(keys.size(1))[None] >= plan.lengths[:, None]
        weights = scores.masked_fill(beyond[:, None, None], float("-inf")).softmax(-1)
        out = torch.einsum("bhgt,bthd->bhgd", weights, values)
        return self.out(out.flatten(1))


class Layer(nn.Module):
    def __init__(self, dim: int, heads: int, kv_heads: int, blocks: int):
        super().__init__()
        self.norm1, self.norm2 = nn.RMSNorm(dim), nn.RMSNorm(dim)
        self.attn = PagedAttention(dim, heads, kv_heads, blocks)
        self.gate_up = nn.Linear(dim, 4 * dim, bias=False)
        self.down = nn.Linear(2 * dim, dim, bias=False)

    def forward(self, x, plan):
        x = x + self.attn(self.norm1(x), plan)
        gate, up = self.gate_up(self.norm2(x)).chunk(2, dim=-1)
        return x + self.down(F.silu(gate) * up)


class Model(nn.Module):
    def __init__(self, vocab=40, dim=32, heads=4, kv_heads=2, depth=2, blocks=16, context=32):
        super().__init__()
        self.tok, self.pos = nn.Embedding(vocab, dim), nn.Embedding(context, dim)
        self.layers = nn.ModuleList(Layer(dim, heads, kv_heads, blocks) for _ in range(depth))
        self.norm = nn.RMSNorm(dim)

    def forward(self, plan: Plan) -> torch.Tensor:
        x = self.tok(plan.input_ids) + self.pos(plan.positions)
        for layer in self.layers:
            x = layer(x, plan)
        last = x[-1:] if plan.prefill else x
        return F.linear(self.norm(last), self.tok.weight)


class Engine:
    def __init__(self, model: Model, sampler: Sampler = default_sampler, *, blocks: int = 16, max_batch: int = 2):
        self.model, self.sampler = model.eval(), sampler
        self.manager = BlockManager(blocks)
        self.waiting: deque[Sequence] = deque()
        self.running: list[Sequence] = []
        self.max_batch = max_batch

    def add(self, prompt: Iterable[int], params: SamplingParams | None = None) -> int:
        seq = Sequence(list(prompt), params or SamplingParams())
        self.waiting.append(seq)
        return seq.id

    def prefill_plan(self, seq: Sequence) -> Plan:
        n = len(seq)
        return Plan(
            input_ids=torch.tensor(seq.tokens),
            positions=torch.arange(n),
            slots=torch.tensor([seq.slot(i) for i in range(n)]),
            tables=torch.tensor([seq.blocks]),
            lengths=torch.tensor([n]),
            prefill=True,
        )

    def decode_plan(self, seqs: list[Sequence]) -> Plan:
        most = max(len(s.blocks) for s in seqs)
        return Plan(
            input_ids=torch.tensor([s.tokens[-1] for s in seqs]),
            positions=torch.tensor([len(s) - 1 for s in seqs]),
            slots=torch.tensor([s.slot(len(s) - 1) for s in seqs]),
            tables=torch.tensor([s.blocks + [0] * (most - len(s.blocks)) for s in seqs]),
            lengths=torch.tensor([len(s) for s in seqs]),
            prefill=False,
        )

    @torch.inference_mode()
    def step(self) -> list[Sequence]:
        if self.waiting and len(self.running) < self.max_batch and self.manager.can_allocate(self.waiting[0]):
            seq = self.waiting.popleft()
            self.manager.allocate(seq)
            seq.status = Status.RUNNING
            self.running.append(seq)
            batch, plan = [seq], self.prefill_plan(seq)
        else:
            batch = self.running
            for seq in batch:
                self.manager.allocate(seq)
            plan = self.decode_plan(batch)
        logits = self.model(plan)
        for row, seq in zip(logits, batch):
            seq.append(int(self.sampler(row, seq.params)))
        done = [s for s in batch if s.status is Status.FINISHED]
        for seq in done:
            self.manager.release(seq)
            self.running.remove(seq)
        return done

    def run(self) -> Iterator[tuple[int, list[int]]]:
        while self.waiting or self.running:
            for seq in self.step():
                yield seq.id, seq.tokens[seq.prompt_len :]


if __name__ == "__main__":
    torch.manual_seed(0)
    engine = Engine(Model())
    engine.add([1, 2, 3, 4, 5], SamplingParams.greedy(max_tokens=5))
    engine.add(range(7, 10))
    engine.add((11, 12), SamplingParams(temperature=0.8, top_k=5, max_tokens=4))
    outputs = dict(engine.run())
    assert sorted(outputs) == [0, 1, 2]
    lengths = torch.tensor([len(outputs[i]) for i in sorted(outputs)])
    print(lengths.tolist(), {k: len(v) for k, v in outputs.items()})
