"""A sequence-to-sequence model without recurrence: padded batches, disentangled masks, a training step."""

import math
from abc import ABC, abstractmethod
from collections import OrderedDict, namedtuple

import torch
import torch.nn as nn

PAD = 0
Batch = namedtuple("Batch", "source target source_mask target_mask labels")


def pad(rows, width=None):
    width = width or max(map(len, rows))
    out = torch.full((len(rows), width), PAD, dtype=torch.int64)
    for i, row in enumerate(rows):
        out[i, : len(row)] = torch.as_tensor(row)
    return out


def collate(pairs):
    source = pad([s for s, _ in pairs])
    target = pad([t for _, t in pairs])
    target, labels = target[:, :-1], target[:, 1:]
    source_mask = source.eq(PAD)
    steps = target.shape[1]
    future = torch.ones(steps, steps).triu(1) > 0
    target_mask = future.unsqueeze(0) | target.eq(PAD).unsqueeze(1)
    return Batch(source, target, source_mask.unsqueeze(1), target_mask, labels)


class Score(ABC, nn.Module):
    @abstractmethod
    def forward(self, q, k):
        ...

    def __call__(self, q, k, mask):
        raw = super().__call__(q, k)
        return raw.masked_fill(mask, -1e30)


class DotScore(Score):
    def forward(self, q, k):
        return torch.bmm(q, k.transpose(1, 2)) / math.sqrt(q.shape[2])


class AdditiveScore(Score):
    def __init__(self, dim, hidden=14):
        super().__init__()
        self.wq = nn.Linear(dim, hidden)
        self.wk = nn.Linear(dim, hidden, bias=False)
        self.v = nn.Linear(hidden, 1)

    def forward(self, q, k):
        joint = torch.tanh(self.wq(q)[:, :, None] + self.wk(k)[:, None])
        return self.v(joint).squeeze(-1)


class Bilinear(Score):
    def __init__(self, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.eye(dim))

    def forward(self, q, k):
        return torch.einsum("bqi,ij,bkj->bqk", q, self.weight, k)


def make_score(name, dim):
    match name:
        case "dot":
            return DotScore()
        case "additive":
            return AdditiveScore(dim)
        case _:
            return Bilinear(dim)


class Heads(nn.Module):
    """Heads that are modules of their own, each with its own way to score."""

    def __init__(self, dim, *names):
        super().__init__()
        if dim % len(names):
            raise ValueError("the heads must share the features evenly")
        self.size = dim // len(names)
        self.scores = nn.ModuleList(make_score(n, self.size) for n in names)
        self.maps = nn.ParameterDict({k: nn.Parameter(torch.randn(dim, dim) * dim**-0.5) for k in "qkvo"})

    def forward(self, x, y, mask):
        q, k, v = x @ self.maps["q"], y @ self.maps["k"], y @ self.maps["v"]
        outs = []
        parts = zip(self.scores, *(t.split(self.size, -1) for t in (q, k, v)))
        for score, qi, ki, vi in parts:
            weights = score(qi, ki, mask).softmax(2)
            outs.append(torch.bmm(weights, vi))
        return torch.cat(outs, -1) @ self.maps["o"]


class ConvFeedForward(nn.Module):
    def __init__(self, dim, kernel=3):
        super().__init__()
        self.conv = nn.Conv1d(dim, 2 * dim, kernel, padding=kernel // 2)
        self.point = nn.Conv1d(dim, dim, 1)

    def forward(self, x):
        x = x.transpose(1, 2)
        x = nn.functional.glu(self.conv(x), dim=1)
        return self.point(x).transpose(1, 2)


class Step(nn.Module):
    def __init__(self, dim, cross):
        super().__init__()
        self.parts = nn.ModuleDict(OrderedDict(own=Heads(dim, "dot", "additive", "bilinear")))
        if cross:
            self.parts["cross"] = Heads(dim, "dot", "dot")
        self.ff = nn.Linear(dim, dim) if cross else ConvFeedForward(dim)
        self.norm = nn.LayerNorm(dim)

    def forward(self, x, mask, memory=None, memory_mask=None):
        x = x + self.parts["own"](x, x, mask)
        if memory is not None:
            x = x + self.parts["cross"](x, memory, memory_mask)
        return self.norm(x + self.ff(x))


class Seq2Seq(nn.Module):
    def __init__(self, words, dim):
        super().__init__()
        self.words = nn.Embedding(words, dim, padding_idx=PAD)
        self.reader = nn.ModuleList([Step(dim, cross=False) for _ in range(2)])
        self.writer = nn.ModuleList([Step(dim, cross=True) for _ in range(2)])

    @staticmethod
    def places(x):
        t, d = x.shape[-2], x.shape[-1]
        angle = torch.arange(t)[:, None] / 100.0 ** (torch.arange(d // 2) / d)
        return torch.stack((angle.sin(), angle.cos()), dim=-1).view(t, d)

    def forward(self, batch: Batch):
        memory = self.words(batch.source)
        memory = memory + self.places(memory)
        for step in self.reader:
            memory = step(memory, batch.source_mask)
        x = self.words(batch.target)
        x = x + self.places(x)
        for step in self.writer:
            x = step(x, batch.target_mask, memory, batch.source_mask)
        return torch.matmul(x, self.words.weight.transpose(0, 1))


def smoothed_loss(logits, labels, smoothing=0.1):
    log_p = logits.log_softmax(-1)
    picked = -log_p.gather(-1, labels.unsqueeze(-1))[..., 0]
    spread = -log_p.mean(-1)
    keep = labels != PAD
    loss = (1 - smoothing) * picked + smoothing * spread
    return loss[keep].mean(), keep.sum()


if __name__ == "__main__":
    torch.manual_seed(0)
    pairs = [([5, 6, 7, 8, 9, 4, 3], [1, 9, 8, 7, 2]), ([3, 4, 5], [1, 5, 4, 3, 8, 9, 2]), ([7] * 5, [1, 6, 2])]
    batch = collate(pairs)
    model = Seq2Seq(words=21, dim=24)
    optimiser = torch.optim.Adam(model.parameters())
    for _ in range(2):
        logits = model(batch)
        loss, count = smoothed_loss(logits, batch.labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    print(tuple(logits.shape), int(count), round(loss.item(), 3))
