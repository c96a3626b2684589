"""A model changed after it is built: fake quantisation with gradients of its own, low ranks put in by name, tied and packed weights, pruning."""
# modules: own_quantised

import fnmatch
import math
from collections import OrderedDict
from functools import reduce, singledispatch, singledispatchmethod

import torch
from torch import nn
from torch.autograd import Function
from torch.nn import functional as F


class Round(Function):
    @staticmethod
    def forward(ctx, x, scale, low, high):
        q = torch.round(x / scale)
        ctx.save_for_backward((q >= low) & (q <= high), q, scale)
        ctx.shape = scale.shape
        return q.clamp(low, high) * scale

    @staticmethod
    def backward(ctx, grad):
        inside, q, scale = ctx.saved_tensors
        of_scale = (grad * torch.where(inside, q - q.detach(), q.clamp(-8, 7))).sum_to_size(ctx.shape)
        return grad * inside, of_scale, None, None


class Quantiser(nn.Module):
    """Keeps a scale for each channel, or one for all."""

    def __init__(self, bits=4, channels=None):
        super().__init__()
        self.low, self.high = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
        self.scale = nn.Parameter(torch.ones(channels, 1) if channels else torch.ones(()))
        self.register_buffer("ready", torch.tensor(False))

    @torch.no_grad()
    def observe(self, x):
        most = x.abs().amax(dim=1, keepdim=True) if self.scale.ndim else x.abs().max()
        self.scale.copy_(most / self.high + 1e-8)
        self.ready.fill_(True)

    def forward(self, x):
        if not self.ready:
            self.observe(x)
        return Round.apply(x, self.scale, self.low, self.high)


class QuantLinear(nn.Linear):
    @classmethod
    def of(cls, linear: nn.Linear, bits: int):
        new = cls(linear.in_features, linear.out_features, linear.bias is not None)
        new.load_state_dict(linear.state_dict(), strict=False)
        new.weight_q, new.input_q = Quantiser(bits, linear.out_features), Quantiser(8)
        return new

    def forward(self, x):
        return F.linear(self.input_q(x), self.weight_q(self.weight), self.bias)


class LowRank(nn.Module):
    def __init__(self, inner, rank):
        super().__init__()
        self.inner = inner.requires_grad_(False)
        out, into = inner.weight.shape[0], inner.weight[0].numel()
        self.a, self.b = nn.Parameter(torch.randn(rank, into) / math.sqrt(into)), nn.Parameter(torch.zeros(out, rank))

    @property
    def delta(self):
        return (self.b @ self.a).view_as(self.inner.weight)

    def forward(self, x):
        if isinstance(self.inner, nn.Conv1d):
            return self.inner(x) + F.conv1d(x, self.delta, stride=self.inner.stride, padding=self.inner.padding)
        return self.inner(x) + x @ self.delta.t()

    def merged(self):
        with torch.no_grad():
            self.inner.weight += self.delta
        return self.inner.requires_grad_(True)


class Packed(nn.Module):
    """Two weights of four bits in each byte."""

    def __init__(self, linear: QuantLinear):
        super().__init__()
        q = linear.weight_q
        codes = torch.round(linear.weight / q.scale).clamp(q.low, q.high).to(torch.int8) - q.low
        even, odd = codes[:, 0::2].to(torch.uint8), codes[:, 1::2].to(torch.uint8)
        self.register_buffer("codes", even | (odd << 4))
        self.register_buffer("scale", q.scale.detach().clone())
        self.bias, self.low = linear.bias, q.low

    @property
    def weight(self):
        pairs = torch.stack([self.codes & 0xF, self.codes >> 4], dim=-1).flatten(1)
        return (pairs.to(self.scale.dtype) + self.low) * self.scale

    def forward(self, x):
        return F.linear(x, self.weight, self.bias)


class Mixer(nn.Module):
    def __init__(self, tokens, width):
        super().__init__()
        self.norms = nn.ModuleDict({k: nn.LayerNorm(width) for k in ("token", "channel")})
        self.token = nn.Sequential(OrderedDict(up=nn.Conv1d(tokens, 2 * tokens, 1), act=nn.GELU(), down=nn.Conv1d(2 * tokens, tokens, 1)))
        self.channel = nn.Sequential(OrderedDict(up=nn.Linear(width, 2 * width), act=nn.GELU(), down=nn.Linear(2 * width, width)))

    def forward(self, x):
        for name in ("token", "channel"):
            x = x + getattr(self, name)(self.norms[name](x))
        return x


class Network(nn.Module):
    def __init__(self, vocabulary=40, tokens=10, width=16, depth=2):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, width)
        self.blocks = nn.Sequential(*[Mixer(tokens, width) for _ in range(depth)])
        self.out = nn.Linear(width, vocabulary, bias=False)
        self.tie()

    def tie(self):
        self.out.weight = self.embed.weight

    def forward(self, ids):
        return self.out(self.blocks(self.embed(ids)))


def parent_of(model, path):
    *parents, last = path.split(".")
    return reduce(getattr, parents, model), last


def swap(model, pattern, make):
    """Replaces each module whose path fits; gives the paths."""
    paths = [name for name, m in model.named_modules() if fnmatch.fnmatch(name, pattern) and hasattr(m, "weight")]
    for path in paths:
        parent, last = parent_of(model, path)
        setattr(parent, last, make(getattr(parent, last)))
    return paths


class Report:
    @singledispatchmethod
    def lines(self, module, depth=0):
        yield depth, type(module).__name__, torch.tensor([p.numel() for p in module.parameters(recurse=False)]).sum()
        for child in module.children():
            yield from self.lines(child, depth + 1)

    @lines.register
    def _(self, module: Packed, depth=0):
        yield depth, "packed", torch.tensor(module.codes.numel())


@singledispatch
def importance(module):
    raise TypeError(type(module))


@importance.register
def _(module: nn.Linear):
    return module.weight.norm(dim=1)


@importance.register(nn.Conv1d)
def of_conv(module):
    return module.weight.flatten(1).norm(dim=1)


def prune(model, ratio=0.3):
    masks = {}
    for name, module in model.named_modules():
        try:
            score = importance(module)
        except TypeError:
            continue
        count = max(int(ratio * len(score)), 1)
        keep = torch.ones_like(score, dtype=torch.bool)
        keep[score.topk(count, largest=False).indices] = False
        shape = (-1,) + (1,) * (module.weight.ndim - 1)
        module.weight.data.mul_(keep.view(shape))
        masks[name] = keep
    return masks


def train(model, steps=2):
    optimiser = torch.optim.RAdam(filter(lambda p: p.requires_grad, model.parameters()), lr=1e-3)
    for _ in range(steps):
        ids = torch.randint(40, (6, 10))
        loss = F.cross_entropy(model(ids).mT, ids.roll(1, 1))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return loss.detach()


def main():
    torch.manual_seed(0)
    model = Network()
    losses = [train(model)]
    found = swap(model, "blocks.*.channel.*", lambda m: QuantLinear.of(m, bits=4))
    losses.append(train(model))
    added = swap(model, "blocks.*.token.*", lambda m: LowRank(m, rank=2))
    losses.append(train(model))
    for path in added:
        parent, last = parent_of(model, path)
        setattr(parent, last, getattr(parent, last).merged())
    masks = prune(model)
    swap(model, "blocks.*.channel.*", Packed)
    logits = model.eval()(torch.arange(20).view(2, 10))
    sizes = torch.stack([size for _, _, size in Report().lines(model)])
    kept = {k: m.float().mean() for k, m in masks.items()}
    curve = torch.stack(losses)
    shared = model.out.weight is model.embed.weight
    print(len(found), len(added), logits.shape, sizes.sum(), len(kept), curve.shape, shared)


if __name__ == "__main__":
    main()
