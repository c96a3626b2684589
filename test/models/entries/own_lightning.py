"""A trainer by hooks: modules that know their steps, callbacks, data modules, metrics with state, checkpoints in memory."""
# modules: own_lightning

import io
import math
from abc import ABC, abstractmethod
from collections import defaultdict
from contextlib import ExitStack, contextmanager
from functools import cached_property
from inspect import signature

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset, WeightedRandomSampler, random_split


class Metric(ABC):
    """State that is added to batch by batch and read at the end."""

    def __init__(self):
        self.reset()

    @abstractmethod
    def reset(self): ...

    @abstractmethod
    def update(self, scores, target): ...

    @abstractmethod
    def compute(self) -> torch.Tensor: ...

    def __call__(self, scores, target):
        self.update(scores, target)
        return self


class Confusion(Metric):
    def __init__(self, classes):
        self.classes = classes
        super().__init__()

    def reset(self):
        self.table = torch.zeros(self.classes, self.classes, dtype=torch.long)

    def update(self, scores, target):
        index = target * self.classes + scores.argmax(-1)
        self.table += torch.bincount(index, minlength=self.classes**2).view(self.classes, self.classes)

    def compute(self):
        hit = self.table.diagonal().float()
        precision, recall = hit / self.table.sum(0).clamp_min(1), hit / self.table.sum(1).clamp_min(1)
        return 2 * precision * recall / (precision + recall).clamp_min(1e-8)


class AreaUnderCurve(Metric):
    def reset(self):
        self.scores, self.targets = [], []

    def update(self, scores, target):
        self.scores.append(scores[:, 1])
        self.targets.append(target == 1)

    def compute(self):
        scores, target = torch.cat(self.scores), torch.cat(self.targets)
        order = scores.argsort(descending=True)
        hit = target[order].float()
        tpr = F.pad(hit.cumsum(0) / hit.sum().clamp_min(1), (1, 0))
        fpr = F.pad((1 - hit).cumsum(0) / (1 - hit).sum().clamp_min(1), (1, 0))
        return torch.trapezoid(tpr, fpr)


class Callback:
    def on(self, event, trainer, *args):
        handler = getattr(self, f"on_{event}", None)
        if handler is not None:
            handler(trainer, *args)


class Best(Callback):
    def __init__(self, watch, mode="min"):
        self.watch, self.sign = watch, {"min": 1.0, "max": -1.0}[mode]
        self.best, self.buffer = math.inf, None

    def on_epoch_end(self, trainer, epoch):
        value = self.sign * trainer.logged[self.watch][-1].item()
        if value < self.best:
            self.best = value
            self.buffer = io.BytesIO()
            torch.save(trainer.module.state_dict(), self.buffer)

    def on_fit_end(self, trainer):
        if self.buffer:
            self.buffer.seek(0)
            trainer.module.load_state_dict(torch.load(self.buffer))


class Smoothed(Callback):
    def __init__(self, beta=0.9):
        self.beta, self.value = beta, None

    def on_batch_end(self, trainer, loss):
        loss = loss.detach()
        self.value = loss if self.value is None else torch.lerp(loss, self.value, self.beta)


class DataModule:
    def __init__(self, n=90, features=7, classes=3, batch=16):
        self.n, self.features, self.classes, self.batch = n, features, classes, batch

    @cached_property
    def splits(self):
        x = torch.randn(self.n, self.features)
        w = torch.randn(self.features, self.classes)
        y = (x @ w + 0.1 * torch.randn(self.n, self.classes)).argmax(1)
        return random_split(TensorDataset(x, y), [60, 20, 10], torch.Generator().manual_seed(0))

    def train_dataloader(self):
        labels = torch.stack([y for _, y in self.splits[0]])
        weight = 1.0 / torch.bincount(labels, minlength=self.classes).clamp(min=1)[labels]
        return DataLoader(self.splits[0], self.batch, sampler=WeightedRandomSampler(weight, len(weight)), drop_last=True)

    def val_dataloader(self):
        return DataLoader(self.splits[1], batch_size=10)

    def test_dataloader(self):
        return DataLoader(self.splits[2], batch_size=10)


class Stepped(nn.Module):
    """What the trainer asks for."""

    trainer = None

    def log(self, name, value):
        self.trainer.logged[name].append(value.detach())

    def configure_optimizers(self):
        raise NotImplementedError


class Classifier(Stepped):
    def __init__(self, features, classes, hidden=(32, 16), lr=1e-2, **extra):
        super().__init__()
        self.hparams = {k: v for k, v in locals().items() if k in signature(type(self)).parameters}
        widths = [features, *hidden]
        self.blocks = nn.Sequential(*(self.block(i, o) for i, o in zip(widths[:-1], widths[1:])))
        self.head = nn.Linear(widths[-1], classes)
        self.metrics = {"f1": Confusion(classes), "auc": AreaUnderCurve()}

    @staticmethod
    def block(i, o):
        return nn.Sequential(nn.Linear(i, o), nn.BatchNorm1d(o), nn.SiLU())

    def forward(self, x):
        return self.head(self.blocks(x))

    def training_step(self, batch, index):
        x, y = batch
        mix = torch.distributions.Beta(0.4, 0.4).sample((x.size(0), 1))
        order = torch.randperm(len(x))
        logits = self(mix * x + (1 - mix) * x[order])
        losses = [F.cross_entropy(logits, t, reduction="none") for t in (y, y[order])]
        loss = (mix.squeeze(1) * losses[0] + (1 - mix).squeeze(1) * losses[1]).mean()
        self.log("train_loss", loss)
        return loss

    def validation_step(self, batch, index):
        x, y = batch
        logits = self(x)
        for metric in self.metrics.values():
            metric(logits.softmax(-1), y)
        self.log("val_loss", F.cross_entropy(logits, y))

    def configure_optimizers(self):
        optimiser = torch.optim.SGD(self.parameters(), lr=self.hparams["lr"], momentum=0.9)
        return optimiser, torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=10)


class Trainer:
    def __init__(self, epochs=2, accumulate=2, callbacks=()):
        self.epochs, self.accumulate, self.callbacks = epochs, accumulate, list(callbacks)
        self.logged = defaultdict(list)

    def tell(self, event, *args):
        for callback in self.callbacks:
            callback.on(event, self, *args)

    @contextmanager
    def evaluating(self):
        was = self.module.training
        self.module.eval()
        try:
            yield self.module
        finally:
            self.module.train(was)

    def fit(self, module, data):
        self.module = module
        module.trainer = self
        optimiser, schedule = module.configure_optimizers()
        for epoch in range(self.epochs):
            for i, batch in enumerate(data.train_dataloader()):
                loss = module.training_step(batch, i)
                (loss / self.accumulate).backward()
                if (i + 1) % self.accumulate == 0:
                    optimiser.step()
                    optimiser.zero_grad(set_to_none=True)
                self.tell("batch_end", loss)
            schedule.step()
            results = self.evaluate(data.val_dataloader())
            self.tell("epoch_end", epoch)
        self.tell("fit_end")
        return results

    def evaluate(self, loader):
        with ExitStack() as stack:
            module = stack.enter_context(self.evaluating())
            stack.enter_context(torch.no_grad())
            for i, batch in enumerate(loader):
                module.validation_step(batch, i)
        return {name: metric.compute() for name, metric in module.metrics.items()}


if __name__ == "__main__":
    torch.manual_seed(0)
    data = DataModule()
    model = Classifier(data.features, data.classes, dropout=0.1)
    trainer = Trainer(callbacks=[Best("val_loss"), smooth := Smoothed()])
    results = trainer.fit(model, data)
    curve = torch.stack(trainer.logged["train_loss"])
    final = trainer.evaluate(data.test_dataloader())
    print(results["f1"].shape, final["auc"].shape, curve.shape, smooth.value.shape)
