"""Reviews: rows by csv, words by a pattern, batches of like length, a hierarchy of encoders, several heads, metrics."""
# modules: own_reviews

import csv
import functools
import io
import math
import re
import typing as t
from collections import ChainMap, OrderedDict, defaultdict, namedtuple
from itertools import accumulate, chain, islice, product, starmap
from operator import attrgetter, itemgetter

import torch
from torch import nn, optim
from torch.nn import functional as F
from torch.utils.data import BatchSampler, DataLoader, Dataset, Sampler

TABLE = """id,stars,text
1,5,"Lovely tea. I drink it daily. The tin is pretty."
2,1,"Stale and bitter."
3,4,"Good tea, slow post. Would buy again."
4,2,"The tin was dented. The tea is fine."
5,3,"Fine."
6,5,"My mother likes it. So do I."
"""
Example = namedtuple("Example", ["ids", "stars", "length"], defaults=[0])
WORD = re.compile(r"[a-z']+|[.,]")


def tokenize(text: str) -> t.List[t.List[str]]:
    sentences = [s.strip() for s in re.split(r"(?<=[.])\s+", text.lower()) if s.strip()]
    return [WORD.findall(s) for s in sentences]


def read(table: str):
    for row in csv.DictReader(io.StringIO(table)):
        yield tokenize(row["text"]), int(row["stars"]) - 1


class Reviews(Dataset):
    def __init__(self, rows):
        rows = list(rows)
        words = sorted(set(chain.from_iterable(chain.from_iterable(s) for s, _ in rows)))
        self.index = {w: i + 2 for i, w in enumerate(words)}
        self.examples = []
        for sentences, stars in rows:
            ids = [torch.tensor([self.index.get(w, 1) for w in s]) for s in sentences]
            self.examples.append(Example(ids, stars, max(map(len, sentences))))

    @property
    def vocabulary(self):
        return len(self.index) + 2

    def __len__(self):
        return len(self.examples)

    def __getitem__(self, i):
        return self.examples[i]


class ByLength(Sampler):
    def __init__(self, data):
        self.order = sorted(range(len(data)), key=lambda i: data[i].length)

    def __iter__(self):
        return iter(self.order)

    def __len__(self):
        return len(self.order)


def collate(batch):
    n, most = len(batch), max(len(e.ids) for e in batch)
    longest = max(e.length for e in batch)
    ids = torch.zeros(n, most, longest, dtype=torch.long)
    for i, example in enumerate(batch):
        for j, sentence in enumerate(example.ids):
            ids[i, j, : len(sentence)] = sentence
    return ids, torch.tensor([e.stars for e in batch])


class Pooler(nn.Module):
    """Attention with a learnt query over the second last dim."""

    def __init__(self, dim, heads=2):
        super().__init__()
        self.query = nn.Parameter(torch.randn(heads, dim) * dim**-0.5)
        self.mix = nn.Linear(heads * dim, dim)

    def forward(self, x, mask):
        scores = torch.einsum("...sd,hd->...hs", x, self.query)
        scores = scores.masked_fill(~mask[..., None, :], -1e4)
        weights = scores.softmax(-1) * mask[..., None, :]
        pooled = weights @ x
        return self.mix(pooled.flatten(-2)), weights


class Encoder(nn.Module):
    def __init__(self, kind, dim):
        super().__init__()
        self.kind = kind
        if kind == "conv":
            self.net = nn.Sequential(nn.Conv1d(dim, dim, 3, padding="same"), nn.GELU(), nn.Conv1d(dim, dim, 1))
        elif kind == "gru":
            self.net = nn.GRU(dim, dim // 2, bidirectional=True, batch_first=True)
        else:
            raise KeyError(kind)
        self.norm = nn.LayerNorm(dim)

    def forward(self, x):
        if self.kind == "conv":
            y = self.net(x.transpose(1, 2)).transpose(1, 2)
        else:
            y, _ = self.net(x)
        return self.norm(x + y)


class Hierarchy(nn.Module):
    def __init__(self, vocabulary, dim=16, classes=5):
        super().__init__()
        self.words = nn.EmbeddingBag(vocabulary, dim, mode="mean", padding_idx=0)
        self.embed = nn.Embedding(vocabulary, dim, padding_idx=0)
        self.low, self.high = Encoder("conv", dim), Encoder("gru", dim)
        self.pool_low, self.pool_high = Pooler(dim), Pooler(dim)
        self.heads = nn.ModuleDict({"stars": nn.Linear(2 * dim, classes), "rank": nn.Linear(2 * dim, classes - 1), "score": nn.Bilinear(dim, dim, 1)})

    def forward(self, ids):
        b, n, s = ids.shape
        mask = ids.ne(0)
        bag = self.words(ids.flatten(1))
        x = self.low(self.embed(ids.view(b * n, s))).view(b, n, s, -1)
        sentences, low = self.pool_low(x, mask)
        document, high = self.pool_high(self.high(sentences), mask.any(-1))
        both = torch.cat([document, bag], 1)
        out = {k: head(document, bag) if k == "score" else head(both) for k, head in self.heads.items()}
        return out, {"low": low, "high": high}


def ordinal(logits, stars):
    steps = torch.arange(logits.size(1))
    target = (stars.unsqueeze(1) > steps).to(logits.dtype)
    return F.binary_cross_entropy_with_logits(logits, target)


def soft_kappa(logits, stars, k=5):
    w = torch.tensor([[(i - j) ** 2 for j in range(k)] for i in range(k)]).float() / (k - 1) ** 2
    probs = logits.softmax(-1)
    observed = (probs * w[stars]).sum()
    expected = (F.one_hot(stars, k).float().mean(0) @ w * probs.sum(0)).sum()
    return observed / (expected + 1e-6)


class Meter:
    def __init__(self):
        self.seen = defaultdict(list)

    def add(self, **values):
        for name, value in values.items():
            self.seen[name].append(value.detach())

    def __getattr__(self, name):
        if name.startswith("mean_"):
            return torch.stack(self.seen[name[5:]]).mean()
        raise AttributeError(name)


def confusion(pred, true, k=5):
    return torch.bincount(true * k + pred, minlength=k * k).reshape(k, k)


def lamb_groups(model, decay=0.01):
    plain, decayed = [], []
    for name, p in model.named_parameters():
        (plain if p.ndim == 1 or name.endswith("bias") else decayed).append(p)
    return [dict(params=plain, weight_decay=0.0), dict(params=decayed, weight_decay=decay)]


def main():
    torch.manual_seed(0)
    data = Reviews(read(TABLE))
    loader = DataLoader(data, batch_sampler=BatchSampler(ByLength(data), 2, drop_last=False), collate_fn=collate)
    model = Hierarchy(data.vocabulary)
    optimiser = optim.AdamW(lamb_groups(model), lr=3e-3)
    meter = Meter()
    matrix = torch.zeros(5, 5, dtype=torch.long)
    for epoch in range(2):
        for ids, stars in loader:
            out, maps = model(ids)
            losses = OrderedDict(
                stars=F.cross_entropy(out["stars"], stars),
                rank=ordinal(out["rank"], stars),
                kappa=soft_kappa(out["stars"], stars),
                score=F.mse_loss(out["score"].squeeze(-1), stars.float()),
            )
            loss = functools.reduce(lambda a, b: a + b, losses.values())
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            meter.add(**losses)
            matrix += confusion(out["stars"].argmax(-1), stars)
    running = list(accumulate(meter.seen["stars"], lambda a, b: 0.9 * a + 0.1 * b))
    curve = torch.stack(running)
    best = min(enumerate(curve.tolist()), key=itemgetter(1))
    recall = matrix.diag() / matrix.sum(1).clamp(min=1)
    print(meter.mean_stars.shape, curve.shape, recall.shape, maps["low"].shape, best[0] >= 0)


if __name__ == "__main__":
    main()
