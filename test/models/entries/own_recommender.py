"""Recommenders and tables as people write them: embeddings of many fields, bags, crosses, sessions, metrics of rank, folds, numpy in between."""
# modules: own_recommender

from collections import Counter, OrderedDict, namedtuple
from itertools import chain, combinations
from typing import Dict, NamedTuple, Tuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

SparseFeature = namedtuple("SparseFeature", ["name", "vocabulary", "dim"])
FIELDS = OrderedDict(user=SparseFeature("user", 20, 8), item=SparseFeature("item", 30, 8), hour=SparseFeature("hour", 24, 8))


class Batch(NamedTuple):
    sparse: Tensor
    dense: Tensor
    history: Tensor
    offsets: Tensor
    label: Tensor


class Clicks(Dataset):
    def __init__(self, n=32, seed=0):
        rng = np.random.default_rng(seed)
        self.sparse = np.stack([rng.integers(0, f.vocabulary, size=n) for f in FIELDS.values()], axis=1)
        self.dense = rng.normal(size=(n, 5)).astype(np.float32)
        self.dense = (self.dense - self.dense.mean(axis=0, keepdims=True)) / (self.dense.std(axis=0, keepdims=True) + 1e-6)
        self.history = [rng.integers(1, 30, size=3 + i % 4) for i in range(n)]
        self.label = (self.dense.sum(axis=1) > 0).astype(np.float32)

    def __len__(self):
        return len(self.label)

    def __getitem__(self, i):
        return self.sparse[i], self.dense[i], self.history[i], self.label[i]


def collate(rows):
    sparse, dense, history, label = zip(*rows)
    lengths = [len(h) for h in history]
    offsets = torch.tensor([0] + lengths[:-1]).cumsum(0)
    return Batch(
        torch.as_tensor(np.stack(sparse)), torch.as_tensor(np.stack(dense)), torch.as_tensor(np.concatenate(history)), offsets, torch.tensor(label)
    )


class CrossLayer(nn.Module):
    def __init__(self, width, depth, rank=4):
        super().__init__()
        self.u = nn.ParameterList([nn.Parameter(torch.randn(width, rank) * 0.1) for _ in range(depth)])
        self.v = nn.ParameterList([nn.Parameter(torch.randn(width, rank) * 0.1) for _ in range(depth)])
        self.b = nn.ParameterList([nn.Parameter(torch.zeros(width)) for _ in range(depth)])

    def forward(self, x0):
        x = x0
        for u, v, b in zip(self.u, self.v, self.b):
            x = x0 * ((x @ v) @ u.t() + b) + x
        return x


class FactorisationMachine(nn.Module):
    def forward(self, e):
        square_of_sum = e.sum(dim=1).pow(2)
        sum_of_square = e.pow(2).sum(dim=1)
        return 0.5 * (square_of_sum - sum_of_square).sum(dim=1, keepdim=True)


class Ranker(nn.Module):
    def __init__(self, fields: Dict[str, SparseFeature], dense=5, hidden=(32, 16)):
        super().__init__()
        self.embeddings = nn.ModuleDict({name: nn.Embedding(f.vocabulary, f.dim) for name, f in fields.items()})
        self.linear = nn.ModuleDict({name: nn.Embedding(f.vocabulary, 1) for name, f in fields.items()})
        self.bag = nn.EmbeddingBag(30, 8, mode="mean")
        self.dense = nn.Linear(dense, 8)
        n = len(fields) + 2
        self.pairs = list(combinations(range(n), 2))
        self.fm, self.cross = FactorisationMachine(), CrossLayer(8 * n, 2)
        sizes = [len(self.pairs) + 8 * n, *hidden]
        self.mlp = nn.Sequential(*chain.from_iterable((nn.Linear(a, b), nn.BatchNorm1d(b), nn.ReLU()) for a, b in zip(sizes, sizes[1:])))
        self.out = nn.Linear(hidden[-1], 1)

    def forward(self, batch: Batch):
        columns = batch.sparse.unbind(dim=1)
        embedded = [layer(c) for layer, c in zip(self.embeddings.values(), columns)]
        embedded += [self.bag(batch.history, batch.offsets), self.dense(batch.dense)]
        e = torch.stack(embedded, dim=1)
        first = torch.cat([layer(c) for layer, c in zip(self.linear.values(), columns)], dim=1).sum(1, keepdim=True)
        i, j = zip(*self.pairs)
        products = (e[:, list(i)] * e[:, list(j)]).sum(-1)
        gram = torch.bmm(e, e.transpose(1, 2))
        rows, cols = torch.triu_indices(e.size(1), e.size(1), offset=1)
        assert torch.allclose(products, gram[:, rows, cols], atol=1e-4)
        deep = self.out(self.mlp(torch.cat([products, self.cross(e.flatten(1))], dim=1)))
        return (first + self.fm(e) + deep).squeeze(-1)


class SessionModel(nn.Module):
    def __init__(self, items=30, dim=16, heads=2, length=6):
        super().__init__()
        self.items = nn.Embedding(items, dim, padding_idx=0)
        self.positions = nn.Embedding(length, dim)
        layer = nn.TransformerEncoderLayer(dim, heads, dim * 2, batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, 1, enable_nested_tensor=False)

    def forward(self, seq):
        x = self.items(seq) + self.positions(torch.arange(seq.shape[1]))
        causal = nn.Transformer.generate_square_subsequent_mask(seq.shape[1])
        h = self.encoder(x, mask=causal, src_key_padding_mask=torch.where(seq == 0, float("-inf"), 0.0))
        return h @ self.items.weight.T

    def loss(self, seq, negatives=4):
        h = self.forward(seq)[:, :-1]
        positive = h.gather(-1, seq[:, 1:, None]).squeeze(-1)
        sampled = torch.randint(1, h.size(-1), (*positive.shape, negatives))
        negative = h.gather(-1, sampled)
        bpr = -F.logsigmoid(positive[..., None] - negative)
        mask = (seq[:, 1:] != 0)[..., None].expand_as(bpr)
        return bpr[mask].mean()


def rank_metrics(scores: Tensor, truth: Tensor, ks: Tuple[int, ...] = (1, 5)):
    ranks = (scores > scores.gather(1, truth[:, None])).sum(dim=1)
    metrics = {f"hit@{k}": (ranks < k).float().mean() for k in ks}
    metrics.update({f"ndcg@{k}": torch.where(ranks < k, 1 / torch.log2(ranks + 2.0), torch.zeros(())).mean() for k in ks})
    metrics["mrr"] = (1.0 / (ranks + 1)).mean()
    return metrics


def auc(score: np.ndarray, label: np.ndarray) -> float:
    order = np.argsort(score)
    ranks = np.empty(len(score))
    ranks[order] = np.arange(1, len(score) + 1)
    n_pos = label.sum()
    n_neg = len(label) - n_pos
    return (ranks[label == 1].sum() - n_pos * (n_pos + 1) / 2) / (n_pos * n_neg)


torch.manual_seed(0)
data = Clicks()
folds = np.array_split(np.arange(len(data)), 4)
train = [i for f in folds[1:] for i in f.tolist()]
loader = DataLoader(torch.utils.data.Subset(data, train), batch_size=8, shuffle=False, collate_fn=collate)
model = Ranker(FIELDS)
groups = [{"params": [p for n, p in model.named_parameters() if "embed" in n], "lr": 0.1}, {"params": [p for n, p in model.named_parameters() if "embed" not in n]}]
optimizer = torch.optim.Adagrad(groups, lr=0.01)
for epoch in range(2):
    for batch in loader:
        logits = model(batch)
        loss = F.binary_cross_entropy_with_logits(logits, batch.label)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
model.eval()
with torch.no_grad():
    held = collate([data[i] for i in folds[0]])
    probabilities = model(held).sigmoid()
popular = Counter(held.history.tolist()).most_common(3)
sessions = torch.zeros(6, 6, dtype=torch.long)
for row, history in enumerate(data.history[:6]):
    sessions[row, -len(history) :] = torch.from_numpy(history)
session_model = SessionModel()
session_loss = session_model.loss(sessions)
metrics = rank_metrics(session_model.eval()(sessions)[:, -1], torch.randint(1, 30, (6,)))
topk = torch.topk(session_model(sessions)[:, -1], k=5)
table = torch.stack([metrics[k] for k in sorted(metrics)])
print(loss, auc(probabilities.numpy(), held.label.numpy()), len(popular), session_loss, topk.indices.shape, table.shape)
