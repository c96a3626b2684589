"""Tables: numbers and categories as tokens, an estimator with fit and predict, folds, early stopping, quantiles, which columns matter."""
# modules: own_tables

import copy
import inspect
import math
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Iterator, Mapping, Optional, Tuple

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset
from tqdm.auto import tqdm

CITIES = np.array(["bern", "oslo", "rome"])
RECORD = np.dtype([("age", "f4"), ("income", "f4"), ("city", "U4"), ("plan", "i8"), ("target", "f4")])


def make_table(n: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    table = np.empty(n, dtype=RECORD)
    table["age"] = rng.uniform(18, 80, n)
    table["income"] = rng.lognormal(3, 0.5, n)
    table["city"] = rng.choice(CITIES, size=n)
    table["plan"] = rng.integers(0, 4, size=n)
    table["target"] = 0.02 * table["age"] + np.log(table["income"]) + 0.3 * (table["city"] == "oslo") + rng.normal(scale=0.1, size=n)
    return table


class Columns:
    """Turns a table into arrays of numbers and of codes."""

    def __init__(self, numbers, categories):
        self.numbers, self.categories = list(numbers), list(categories)

    def fit(self, table):
        values = np.stack([table[c] for c in self.numbers], axis=1)
        self.mean_, self.std_ = values.mean(axis=0), values.std(axis=0) + 1e-6
        self.codes_ = {c: {v: i + 1 for i, v in enumerate(np.unique(table[c]).tolist())} for c in self.categories}
        return self

    def transform(self, table) -> Tuple[np.ndarray, np.ndarray]:
        values = np.column_stack([table[c] for c in self.numbers]).astype(np.float32)
        codes = np.zeros((len(table), len(self.categories)), dtype=np.int64)
        for j, c in enumerate(self.categories):
            codes[:, j] = [self.codes_[c].get(v, 0) for v in table[c].tolist()]
        return ((values - self.mean_) / self.std_).astype(np.float32), codes

    @property
    def cardinalities(self):
        return tuple(len(codes) + 1 for codes in self.codes_.values())


class PeriodicEmbedding(nn.Module):
    def __init__(self, n_features: int, k: int, dim: int, sigma: float = 0.1):
        super().__init__()
        self.frequency = nn.Parameter(torch.normal(0.0, sigma, (n_features, k)))
        self.weight = nn.Parameter(torch.empty(n_features, 2 * k, dim))
        self.bias = nn.Parameter(torch.zeros(n_features, dim))
        nn.init.kaiming_uniform_(self.weight, a=math.sqrt(5))

    def forward(self, x):
        angle = 2 * math.pi * self.frequency[None] * x[..., None]
        waves = torch.cat([angle.cos(), angle.sin()], -1)
        return F.relu((waves[..., None, :] @ self.weight).squeeze(-2) + self.bias)


class CategoryEmbedding(nn.Module):
    """One table for all columns, with offsets."""

    def __init__(self, cardinalities, dim):
        super().__init__()
        offsets = torch.tensor([0] + list(cardinalities[:-1])).cumsum(0)
        self.register_buffer("offsets", offsets)
        self.table = nn.Embedding(sum(cardinalities), dim)

    def forward(self, codes):
        return self.table(codes + self.offsets)


class ReGLU(nn.Module):
    def forward(self, x):
        a, b = x.chunk(2, dim=-1)
        return a * F.relu(b)


class Block(nn.Module):
    def __init__(self, dim, heads, dropout, first):
        super().__init__()
        self.norm0 = nn.Identity() if first else nn.LayerNorm(dim)
        self.attention = nn.MultiheadAttention(dim, heads, dropout=dropout, batch_first=True)
        self.norm1 = nn.LayerNorm(dim)
        self.feed = nn.Sequential(nn.Linear(dim, 2 * dim), ReGLU(), nn.Dropout(dropout), nn.Linear(dim, dim))

    def forward(self, x, query=None):
        h = self.norm0(x)
        x = x if query is None else x[query]
        q = h if query is None else h[query]
        mixed, weights = self.attention(q, h, h, need_weights=True, average_attn_weights=False)
        x = x + mixed
        return x + self.feed(self.norm1(x)), weights


class FTTransformer(nn.Module):
    def __init__(self, n_numbers, cardinalities, dim=16, heads=4, depth=2, dropout=0.1, outputs=1):
        super().__init__()
        self.numbers = PeriodicEmbedding(n_numbers, 6, dim) if n_numbers else None
        self.categories = CategoryEmbedding(cardinalities, dim) if cardinalities else None
        self.cls = nn.Parameter(torch.zeros(dim).uniform_(-1, 1))
        self.blocks = nn.ModuleList([Block(dim, heads, dropout, first=i == 0) for i in range(depth)])
        self.head = nn.Sequential(nn.LayerNorm(dim), nn.ReLU(), nn.Linear(dim, outputs))

    def forward(self, numbers: Optional[torch.Tensor], codes: Optional[torch.Tensor]):
        tokens = []
        if self.numbers is not None:
            tokens.append(self.numbers(numbers))
        if self.categories is not None:
            tokens.append(self.categories(codes))
        x = torch.cat(tokens, dim=1)
        x = torch.cat([self.cls.expand(len(x), 1, -1), x], dim=1)
        maps = []
        for i, block in enumerate(self.blocks, start=1):
            x, weights = block(x, query=None if i < len(self.blocks) else np.s_[:, :1])
            maps.append(weights)
        return self.head(x[:, 0]), maps


class Estimator:
    """Parameters are those of the constructor, as elsewhere."""

    @classmethod
    def names(cls):
        return [n for n, p in inspect.signature(cls.__init__).parameters.items() if n != "self" and p.kind is not p.VAR_KEYWORD]

    def get_params(self) -> Mapping[str, Any]:
        return {name: getattr(self, name) for name in self.names()}

    def set_params(self, **params):
        for name, value in params.items():
            setattr(self, name, value)
        return self

    def clone(self):
        return type(self)(**self.get_params())


@dataclass
class Stopper:
    patience: int = 2
    best: float = float("inf")
    bad: int = 0
    state: Optional[dict] = None

    def __call__(self, score, model) -> bool:
        if score < self.best:
            self.best, self.bad, self.state = score, 0, copy.deepcopy(model.state_dict())
        else:
            self.bad += 1
        return self.bad > self.patience


@contextmanager
def evaluating(model: nn.Module) -> Iterator[nn.Module]:
    was = model.training
    model.eval()
    try:
        with torch.no_grad():
            yield model
    finally:
        model.train(was)


class TableRegressor(Estimator):
    def __init__(self, columns, dim=16, depth=2, lr=1e-2, epochs=2, quantiles=(0.1, 0.5, 0.9), verbose=False):
        self.columns, self.dim, self.depth = columns, dim, depth
        self.lr, self.epochs, self.quantiles, self.verbose = lr, epochs, quantiles, verbose

    def pinball(self, pred, y):
        q = torch.tensor(self.quantiles)
        diff = y[:, None] - pred
        return torch.maximum(q * diff, (q - 1) * diff).sum(-1).mean()

    def fit(self, table, valid=None):
        numbers, codes = self.columns.fit(table).transform(table)
        y = table["target"].copy()
        self.centre_, self.spread_ = y.mean().item(), y.std().item()
        data = TensorDataset(*map(torch.from_numpy, (numbers, codes, (y - self.centre_) / self.spread_)))
        self.model_ = FTTransformer(numbers.shape[1], self.columns.cardinalities, self.dim, depth=self.depth, outputs=len(self.quantiles))
        optimiser = torch.optim.AdamW(self.model_.parameters(), lr=self.lr)
        plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(optimiser, factor=0.5, patience=0)
        stopper = Stopper()
        for epoch in (bar := tqdm(range(self.epochs), disable=not self.verbose)):
            for xb, cb, yb in DataLoader(data, batch_size=16, shuffle=True):
                pred, _ = self.model_(xb, cb)
                loss = self.pinball(pred, yb)
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
            score = self.score(valid if valid is not None else table)
            plateau.step(score)
            bar.set_postfix(loss=f"{loss.item():.3f}", score=score)
            if stopper(score, self.model_):
                break
        self.model_.load_state_dict(stopper.state)
        return self

    def predict(self, table) -> np.ndarray:
        numbers, codes = (torch.as_tensor(a) for a in self.columns.transform(table))
        with evaluating(self.model_) as model:
            out, self.maps_ = model(numbers, codes)
        return out.numpy() * self.spread_ + self.centre_

    def score(self, table) -> float:
        middle = self.predict(table)[:, len(self.quantiles) // 2]
        return float(np.sqrt(np.mean((middle - table["target"]) ** 2)))

    def importance(self, table):
        self.predict(table)
        last = self.maps_[-1].mean(dim=(0, 1))[0, 1:]
        names = self.columns.numbers + self.columns.categories
        return dict(zip(names, (last / last.sum()).tolist()))

    def permuted(self, table, rng):
        base = self.score(table)
        for name in self.columns.numbers + self.columns.categories:
            shuffled = table.copy()
            shuffled[name] = rng.permutation(shuffled[name])
            yield name, self.score(shuffled) - base


def folds(n, k, rng):
    order = rng.permutation(n)
    for part in np.array_split(order, k):
        yield np.setdiff1d(order, part), part


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    torch.manual_seed(0)
    rng = np.random.default_rng(1)
    table = make_table(60)
    base = TableRegressor(Columns(["age", "income"], ["city", "plan"]))
    scores = []
    for train, test in folds(len(table), 3, rng):
        model = base.clone().set_params(epochs=1).fit(table[train], valid=table[test])
        scores.append(model.score(table[test]))
    model.set_params(epochs=2, verbose=False).fit(table)
    print(np.mean(scores).round(3), model.importance(table), dict(model.permuted(table, rng)))
    intervals = model.predict(table[:5])
    print(intervals.shape, (intervals[:, -1] - intervals[:, 0]).mean())
