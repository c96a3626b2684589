"""A trainer as people write it: datasets and loaders, mixed precision, schedules, averages of weights, metrics, callbacks."""
# modules: own_trainer

import copy
import math
import random
from collections import defaultdict
from typing import Any, Callable, Dict, Iterator, Sequence

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence
from torch.utils.data import DataLoader, Dataset, TensorDataset, random_split


class ToySet(Dataset):
    def __init__(self, n: int = 24, vocab: int = 20, seed: int = 0):
        generator = torch.Generator().manual_seed(seed)
        self.items = [torch.randint(1, vocab, (4 + i % 5,), generator=generator) for i in range(n)]
        self.labels = torch.randint(0, 3, (n,), generator=generator)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index):
        return {"ids": self.items[index], "label": self.labels[index]}


def collate(batch: Sequence[Dict[str, Any]]):
    ids = pad_sequence([b["ids"] for b in batch], batch_first=True, padding_value=0)
    lengths = torch.tensor([len(b["ids"]) for b in batch])
    labels = torch.stack([b["label"] for b in batch])
    return {"ids": ids, "lengths": lengths, "mask": ids != 0, "labels": labels}


class Tagger(nn.Module):
    def __init__(self, vocab=20, dim=16, hidden=12, classes=3, layers=2):
        super().__init__()
        self.embed = nn.Embedding(vocab, dim, padding_idx=0)
        self.rnn = nn.LSTM(dim, hidden, num_layers=layers, bidirectional=True, batch_first=True, dropout=0.1)
        self.attend = nn.Linear(2 * hidden, 1)
        self.head = nn.Sequential(nn.BatchNorm1d(2 * hidden), nn.Linear(2 * hidden, classes))
        self._init()

    def _init(self):
        for name, param in self.named_parameters():
            if "weight_hh" in name:
                nn.init.orthogonal_(param)
            elif "bias" in name:
                nn.init.zeros_(param)

    def forward(self, ids, lengths, mask):
        x = self.embed(ids)
        packed = pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)
        out, (h, c) = self.rnn(packed)
        out, _ = pad_packed_sequence(out, batch_first=True, total_length=ids.size(1))
        scores = self.attend(out).squeeze(-1).masked_fill(~mask, float("-inf"))
        weights = scores.softmax(dim=1)
        pooled = torch.bmm(weights.unsqueeze(1), out).squeeze(1)
        return self.head(pooled), weights


class EMA:
    def __init__(self, model, decay=0.9):
        self.module = copy.deepcopy(model).eval()
        self.decay = decay
        for p in self.module.parameters():
            p.requires_grad_(False)

    @torch.no_grad()
    def update(self, model):
        for e, p in zip(self.module.state_dict().values(), model.state_dict().values()):
            if e.dtype.is_floating_point:
                e.mul_(self.decay).add_(p.detach(), alpha=1 - self.decay)
            else:
                e.copy_(p)


class Meter:
    def __init__(self):
        self.total, self.count = 0.0, 0

    def update(self, value, n=1):
        self.total += float(value) * n
        self.count += n

    @property
    def avg(self):
        return self.total / max(self.count, 1)


class Trainer:
    def __init__(self, model, loaders: Dict[str, DataLoader], lr=1e-2, epochs=2, callbacks: Sequence[Callable] = ()):
        self.model, self.loaders, self.epochs, self.callbacks = model, loaders, epochs, list(callbacks)
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
        steps = epochs * len(loaders["train"])
        warmup = max(1, steps // 10)
        self.scheduler = torch.optim.lr_scheduler.LambdaLR(
            self.optimizer, lambda s: min((s + 1) / warmup, 0.5 * (1 + math.cos(math.pi * min(s, steps) / steps)))
        )
        self.scaler = torch.amp.GradScaler("cpu", enabled=False)
        self.ema = EMA(model)
        self.history = defaultdict(list)

    def step(self, batch):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=False):
            logits, weights = self.model(batch["ids"], batch["lengths"], batch["mask"])
            loss = F.cross_entropy(logits, batch["labels"], label_smoothing=0.1)
        entropy = -(weights * weights.clamp_min(1e-9).log()).sum(-1).mean()
        return loss + 1e-3 * entropy, logits

    def train_epoch(self):
        self.model.train()
        meter = Meter()
        for i, batch in enumerate(self.loaders["train"]):
            loss, logits = self.step(batch)
            self.scaler.scale(loss).backward()
            self.scaler.unscale_(self.optimizer)
            norm = nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.scaler.step(self.optimizer)
            self.scaler.update()
            self.optimizer.zero_grad(set_to_none=True)
            self.scheduler.step()
            self.ema.update(self.model)
            meter.update(loss.item(), batch["labels"].size(0))
        return meter.avg

    @torch.no_grad()
    def evaluate(self, model):
        model.eval()
        predictions, targets = [], []
        for batch in self.loaders["valid"]:
            logits, _ = model(batch["ids"], batch["lengths"], batch["mask"])
            predictions.append(logits.argmax(dim=-1))
            targets.append(batch["labels"])
        y, t = torch.cat(predictions), torch.cat(targets)
        confusion = torch.zeros(3, 3, dtype=torch.long)
        for a, b in zip(t.tolist(), y.tolist()):
            confusion[a, b] += 1
        recall = confusion.diag() / confusion.sum(1).clamp(min=1)
        return (y == t).float().mean().item(), recall

    def fit(self):
        for epoch in range(self.epochs):
            loss = self.train_epoch()
            accuracy, recall = self.evaluate(self.ema.module)
            self.history["loss"].append(loss)
            self.history["accuracy"].append(accuracy)
            for callback in self.callbacks:
                callback(epoch, {"loss": loss, "recall": recall})
        return dict(self.history)


def mixup(x, y, classes, alpha=0.4):
    lam = np.random.beta(alpha, alpha)
    index = torch.randperm(x.size(0))
    mixed = lam * x + (1 - lam) * x[index]
    targets = F.one_hot(y, classes).float()
    return mixed, lam * targets + (1 - lam) * targets[index]


def batches(*tensors, size) -> Iterator[tuple]:
    order = torch.randperm(len(tensors[0]))
    for start in range(0, len(order), size):
        yield tuple(t[order[start : start + size]] for t in tensors)


random.seed(0)
np.random.seed(0)
torch.manual_seed(0)
full = ToySet()
train, valid = random_split(full, [16, 8])
loaders = {
    "train": DataLoader(train, batch_size=4, shuffle=True, collate_fn=collate, drop_last=True),
    "valid": DataLoader(valid, batch_size=4, collate_fn=collate),
}
log = []
trainer = Trainer(Tagger(), loaders, callbacks=[lambda epoch, metrics: log.append((epoch, metrics["recall"].mean().item()))])
history = trainer.fit()

features, labels = torch.randn(32, 10), torch.randint(0, 4, (32,))
probe = nn.Linear(10, 4)
optimizer = torch.optim.LBFGS(probe.parameters(), max_iter=4)


def closure():
    optimizer.zero_grad()
    loss = F.cross_entropy(probe(features), labels)
    loss.backward()
    return loss


last = optimizer.step(closure)
for x, y in DataLoader(TensorDataset(features, labels), batch_size=8):
    mixed, soft = mixup(x, y, 4)
    value = -(soft * probe(mixed).log_softmax(-1)).sum(-1).mean()
for x, y in batches(features, labels, size=8):
    margin = probe(x).gather(1, y[:, None]).squeeze(1)
print(len(history["loss"]), last, value, margin.shape)
