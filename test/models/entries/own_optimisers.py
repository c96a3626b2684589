"""Optimisers and schedules by hand, one protocol for all; a small vector-quantised model to try them on, with hooks and a log that writes itself."""
# modules: own_optimisers

import json
import logging
import math
import tempfile
import time
from collections import deque
from contextlib import contextmanager, suppress
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F

logger = logging.getLogger(__name__)


class Optimiser:
    defaults = {}

    def __init__(self, params, **options):
        params = list(params)
        if not params:
            raise ValueError("no parameters")
        if not isinstance(params[0], dict):
            params = [{"params": params}]
        self.groups = []
        for group in params:
            self.groups.append({**self.defaults, **options, **group, "params": list(group["params"])})
        self.state = {}

    def each(self):
        for group in self.groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                yield p, p.grad, self.state.setdefault(p, {}), group

    @torch.no_grad()
    def step(self):
        for p, g, state, group in self.each():
            if group.get("decay"):
                p.mul_(1 - group["lr"] * group["decay"])
            p.add_(self.update(p, g, state, group), alpha=-group["lr"])

    def zero_grad(self):
        for group in self.groups:
            for p in group["params"]:
                p.grad = None

    def update(self, p, g, state, group):
        return g


class Momentum(Optimiser):
    defaults = dict(lr=0.1, beta=0.9, nesterov=True, decay=0.0)

    def update(self, p, g, state, group):
        m = state.setdefault("m", torch.zeros_like(p))
        m.mul_(group["beta"]).add_(g)
        return g + group["beta"] * m if group["nesterov"] else m


class Lion(Optimiser):
    defaults = dict(lr=1e-3, betas=(0.9, 0.99), decay=0.01)

    def update(self, p, g, state, group):
        if "m" not in state:
            state["m"] = torch.zeros_like(p)
        one, two = group["betas"]
        step = torch.lerp(g, state["m"], one).sign()
        state["m"].lerp_(g, 1 - two)
        return step


class Factored(Optimiser):
    """Second moments as rows and columns."""

    defaults = dict(lr=1e-2, beta=0.99, clip=1.0, eps=1e-30)

    def update(self, p, g, state, group):
        square = g.square() + group["eps"]
        if g.ndim < 2:
            v = state["v"] = torch.lerp(square, state.get("v", square), group["beta"])
            u = g * v.rsqrt()
        else:
            flat = square.flatten(1)
            row, col = flat.mean(1), flat.mean(0)
            if state:
                row = group["beta"] * state["row"] + (1 - group["beta"]) * row
                col = group["beta"] * state["col"] + (1 - group["beta"]) * col
            state.update(row=row, col=col)
            u = g * (torch.outer(row / row.mean(), col)).rsqrt().view_as(g)
        return u / max(1.0, (u.norm() / math.sqrt(u.numel())).item() / group["clip"])


class Orthogonal(Optimiser):
    """Steps of matrices are made orthogonal by a few iterations."""

    defaults = dict(lr=0.02, beta=0.95, turns=3)

    @staticmethod
    def whiten(g, turns):
        a, b, c = 3.4445, -4.7750, 2.0315
        x = g / (g.norm() + 1e-7)
        flipped = x.size(0) > x.size(1)
        x = x.T if flipped else x
        for _ in range(turns):
            gram = x @ x.T
            x = a * x + (b * gram + c * gram @ gram) @ x
        return x.T if flipped else x

    def update(self, p, g, state, group):
        m = state["m"] = group["beta"] * state["m"] + g if "m" in state else g.clone()
        if m.dim() < 2:
            return m
        return self.whiten(m.flatten(1), group["turns"]).reshape(p.shape)


class Sharpness:
    """Steps along the gradient of the worst place nearby."""

    def __init__(self, inner, radius=0.05):
        self.inner, self.radius = inner, radius

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def step(self, closure):
        loss = closure()
        grads = [g for _, g, _, _ in self.inner.each()]
        norm = torch.stack([g.norm() for g in grads]).norm()
        moves = []
        with torch.no_grad():
            for p, g, _, _ in self.inner.each():
                move = g * (self.radius / (norm + 1e-12))
                p.add_(move)
                moves.append((p, move))
        self.inner.zero_grad()
        closure()
        with torch.no_grad():
            for p, move in moves:
                p.sub_(move)
        self.inner.step()
        return loss


def one_cycle(top, total, warm=0.3):
    def at(step):
        if step < warm * total:
            return top * (step + 1) / (warm * total)
        done = (step - warm * total) / max(1, (1 - warm) * total)
        return top * 0.5 * (1 + math.cos(math.pi * done))

    return at


class Averaged:
    def __init__(self, model, beta=0.9):
        self.beta = beta
        self.shadow = {k: v.detach().clone() for k, v in model.state_dict().items()}

    def update(self, model):
        for name, value in model.state_dict().items():
            if value.dtype.is_floating_point:
                self.shadow[name].lerp_(value, 1 - self.beta)
            else:
                self.shadow[name].copy_(value)

    @contextmanager
    def applied(self, model):
        kept = {k: v.clone() for k, v in model.state_dict().items()}
        model.load_state_dict(self.shadow)
        try:
            yield model
        finally:
            model.load_state_dict(kept)


class Codebook(nn.Module):
    def __init__(self, size, dim, beta=0.99):
        super().__init__()
        self.size, self.beta = size, beta
        self.register_buffer("codes", torch.randn(size, dim))
        self.register_buffer("counts", torch.ones(size))
        self.register_buffer("sums", self.codes.clone())

    def forward(self, z):
        flat = z.movedim(1, -1)
        rows = flat.reshape(-1, flat.shape[-1])
        dist = rows.pow(2).sum(1, keepdim=True) - 2 * rows @ self.codes.t() + self.codes.pow(2).sum(1)
        index = dist.argmin(1)
        if self.training:
            self.learn(rows.detach(), index)
        found = self.codes[index].view_as(flat).movedim(-1, 1)
        usage = torch.bincount(index, minlength=self.size).float() / len(index)
        perplexity = (-(usage * (usage + 1e-10).log()).sum()).exp()
        return z + (found - z).detach(), F.mse_loss(z, found.detach()), index.view(flat.shape[:-1]), perplexity

    @torch.no_grad()
    def learn(self, rows, index):
        hot = F.one_hot(index, self.size).type_as(rows)
        self.counts.mul_(self.beta).add_(hot.sum(0), alpha=1 - self.beta)
        self.sums.mul_(self.beta).add_(hot.t() @ rows, alpha=1 - self.beta)
        self.codes.copy_(self.sums / self.counts.clamp(min=1e-3)[:, None])


class Model(nn.Module):
    def __init__(self, width=12, codes=9):
        super().__init__()
        self.encode = nn.Sequential(nn.Conv1d(2, width, 4, 2, 1), nn.Tanh(), nn.Conv1d(width, width, 4, 2, 1))
        self.book = Codebook(codes, width)
        self.decode = nn.Sequential(nn.ConvTranspose1d(width, width, 4, 2, 1), nn.Tanh(), nn.ConvTranspose1d(width, 2, 4, 2, 1))

    def forward(self, wave):
        z, commit, index, perplexity = self.book(self.encode(wave))
        return self.decode(z), commit, index, perplexity


class Watch:
    """Statistics of what leaves each layer, by hooks."""

    def __init__(self, model, keep=3):
        self.stats, self.handles = {}, []
        for name, module in model.named_modules():
            if not list(module.children()):
                self.handles.append(module.register_forward_hook(self.hook(name, keep)))

    def hook(self, name, keep):
        def see(module, args, output):
            first = output[0] if isinstance(output, tuple) else output
            self.stats.setdefault(name, deque(maxlen=keep)).append(torch.stack(torch.std_mean(first.detach())))

        return see

    def table(self):
        return {k: torch.stack(list(v)) for k, v in self.stats.items()}

    def __enter__(self):
        return self

    def __exit__(self, *error):
        for handle in self.handles:
            handle.remove()


def waves(count, length=32):
    t = torch.linspace(0, 1, length)
    f = torch.randint(1, 5, (count, 1))
    return torch.stack([(2 * math.pi * f * t).sin(), (2 * math.pi * f * t).cos()], dim=1)


def train(name, make, folder, steps=4):
    torch.manual_seed(0)
    model = Model()
    optimiser, schedule, average = make(model.parameters()), one_cycle(1e-2, steps), Averaged(model)
    log = folder / f"{name}.jsonl"
    with Watch(model) as watch, log.open("w") as out:
        for step in range(steps):
            for group in optimiser.groups:
                group["lr"] = schedule(step)
            wave = waves(6)

            def closure():
                rebuilt, commit, *_ = model(wave)
                loss = F.l1_loss(rebuilt, wave) + 0.25 * commit
                loss.backward()
                return loss

            if isinstance(optimiser, Sharpness):
                loss = optimiser.step(closure)
            else:
                loss = closure()
                optimiser.step()
            optimiser.zero_grad()
            average.update(model)
            out.write(json.dumps({"step": step, "loss": loss.item(), "at": time.time()}) + "\n")
    rows = [json.loads(line) for line in log.read_text().splitlines()]
    with average.applied(model.eval()), torch.no_grad():
        rebuilt, _, index, perplexity = model(waves(3))
    return torch.tensor([row["loss"] for row in rows]), rebuilt, index, perplexity, watch.table()


def main():
    makers = {
        "momentum": Momentum, "lion": Lion, "factored": Factored, "orthogonal": Orthogonal,
        "sharpness": lambda p: Sharpness(Momentum(p, lr=0.05)),
    }
    results = {}
    with tempfile.TemporaryDirectory() as folder, suppress(KeyboardInterrupt):
        for name, make in makers.items():
            results[name] = train(name, make, Path(folder))
            logger.info("%s done", name)
    curves = torch.stack([r[0] for r in results.values()])
    stats = results["lion"][-1]["encode.0"]
    final = {name: r[1].abs().mean() for name, r in results.items()}
    ranking = sorted(final, key=lambda n: final[n].item())
    print(curves.shape, results["lion"][2].shape, stats.shape, len(ranking))


if __name__ == "__main__":
    main()
