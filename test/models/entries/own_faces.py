"""Two networks against each other, and a judge of faces: a generator by styles, penalties on gradients, augmentations that adapt, matching by margin."""
# modules: own_faces

import collections
import dataclasses
import itertools
import math
import operator
import random
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple, Union

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils.parametrizations import spectral_norm
from torch.utils.data import ConcatDataset, DataLoader, IterableDataset, Subset, TensorDataset

Sizes = Union[int, Tuple[int, int]]


def pair(x: Sizes) -> Tuple[int, int]:
    return x if isinstance(x, tuple) else (x, x)


@dataclasses.dataclass
class Options:
    size: Sizes = 16
    z: int = 10
    width: int = 24
    channels: Dict[int, int] = dataclasses.field(default_factory=lambda: {4: 16, 8: 12, 16: 8})
    r1: float = 1.0
    every: int = 2

    def __post_init__(self):
        self.size = pair(self.size)
        assert math.log2(self.size[0]).is_integer(), "a power of two"
        self.resolutions = sorted(self.channels)

    @classmethod
    def parse(cls, words: Sequence[str]) -> "Options":
        given: Dict[str, Any] = {}
        types = {f.name: f.type for f in dataclasses.fields(cls)}
        for word in words:
            name, _, text = word.lstrip("-").partition("=")
            given[name] = {int: int, float: float}.get(types[name], int)(text)
        return cls(**given)


class EqualLinear(nn.Module):
    def __init__(self, i, o, bias=0.0, rate=1.0):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(o, i) / rate)
        self.bias = nn.Parameter(torch.full([o], float(bias)))
        self.gain = rate / i**0.5
        self.rate = rate

    def forward(self, x):
        return torch.addmm(self.bias[None] * self.rate, x, (self.weight * self.gain).t())


class Modulated(nn.Module):
    """A convolution whose weights each sample scales: one grouped convolution for the batch."""

    def __init__(self, i, o, k, w, demodulate=True, up=False):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(1, o, i, k, k))
        self.style = EqualLinear(w, i, bias=1)
        self.demodulate, self.up, self.k = demodulate, up, k

    def forward(self, x, w):
        b, i, h, width = x.shape
        weight = self.weight * self.style(w)[:, None, :, None, None] / math.sqrt(i * self.k**2)
        if self.demodulate:
            weight = weight * torch.rsqrt(weight.square().sum([2, 3, 4], keepdim=True) + 1e-8)
        if self.up:
            x = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
        *_, h, width = x.shape
        y = F.conv2d(x.reshape(1, b * i, h, width), weight.flatten(0, 1), padding=self.k // 2, groups=b)
        return y.view(b, -1, h, width)


class Generator(nn.Module):
    def __init__(self, o: Options):
        super().__init__()
        self.o = o
        dims = [o.z] + [o.width] * 3
        self.mapping = nn.Sequential(*itertools.chain.from_iterable((EqualLinear(a, b, rate=0.01), nn.LeakyReLU(0.2)) for a, b in zip(dims, dims[1:])))
        first = o.resolutions[0]
        self.const = nn.Parameter(torch.randn(1, o.channels[first], first, first))
        self.convs, self.to_rgb = nn.ModuleDict(), nn.ModuleDict()
        before = o.channels[first]
        for r in o.resolutions:
            c = o.channels[r]
            self.convs[str(r)] = Modulated(before, c, 3, o.width, up=r > first)
            self.to_rgb[f"{r}"] = Modulated(c, 3, 1, o.width, demodulate=False)
            before = c
        self.noise = nn.ParameterList([nn.Parameter(torch.zeros(1)) for _ in o.resolutions])
        self.register_buffer("mean_w", torch.zeros(o.width))

    def styles(self, z, mix=0.9):
        z = F.normalize(z, dim=1) * z.size(1) ** 0.5
        w = self.mapping(z)
        if self.training:
            self.mean_w.lerp_(w.detach().mean(0), 0.01)
        n = len(self.convs)
        ws = w.unsqueeze(1).repeat(1, n, 1)
        if self.training and random.random() < mix:
            cut = random.randint(1, n - 1)
            ws = torch.where(torch.arange(n).view(1, -1, 1) < cut, ws, ws.flip(0))
        return ws

    def forward(self, z, truncation: Optional[float] = None):
        ws = self.styles(z)
        if truncation is not None:
            ws = self.mean_w + truncation * (ws - self.mean_w)
        x, image = self.const.expand(len(z), -1, -1, -1), None
        for (name, conv), noise, w in zip(self.convs.items(), self.noise, ws.unbind(1)):
            x = conv(x, w)
            x = F.leaky_relu(x + noise * torch.randn_like(x[:, :1]), 0.2)
            rgb = self.to_rgb[name](x, w)
            image = rgb if image is None else rgb + F.interpolate(image, size=rgb.shape[2:])
        return image.tanh(), ws


class Critic(nn.Module):
    def __init__(self, o: Options, group=4):
        super().__init__()
        self.group = group
        c = [o.channels[r] for r in o.resolutions[::-1]]
        self.stem = spectral_norm(nn.Conv2d(3, c[0], 1))
        self.body = nn.Sequential()
        for i, (a, b) in enumerate(zip(c, c[1:])):
            self.body.append(nn.Sequential(spectral_norm(nn.Conv2d(a, b, 3, 1, 1)), nn.LeakyReLU(0.2), nn.AvgPool2d(2)))
        self.head = nn.Sequential(nn.Conv2d(c[-1] + 1, c[-1], 3, 1, 1), nn.Flatten(), nn.LazyLinear(1))

    def spread(self, x):
        b, _, h, w = x.shape
        g = min(self.group, b)
        y = x.view(g, -1, *x.shape[1:])
        y = (y.var(0, unbiased=False) + 1e-8).sqrt().mean((1, 2, 3), keepdim=True)
        return torch.cat([x, y.repeat(g, 1, h, w)], 1)

    def forward(self, x):
        return self.head(self.spread(self.body(self.stem(x)))).squeeze(1)


class Augment:
    """Each sample is changed with a probability that follows how sure the critic is."""

    def __init__(self, p=0.2, target=0.6):
        self.p, self.target = p, target
        self.signs = collections.deque(maxlen=4)

    def __call__(self, x):
        b, c, h, w = x.shape
        on = lambda: (torch.rand(b, 1, 1, 1) < self.p).to(x)
        flip = on()
        x = flip * x.flip(3) + (1 - flip) * x
        x = x + on() * (torch.rand(b, 1, 1, 1) - 0.5)
        theta = torch.eye(2, 3).repeat(b, 1, 1)
        theta[:, :, 2] = 0.2 * (torch.rand(b, 2) - 0.5) * on().view(b, 1)
        x = F.grid_sample(x, F.affine_grid(theta, [b, c, h, w], align_corners=False), align_corners=False, padding_mode="reflection")
        box = torch.ones_like(x)
        for i in range(b):
            y0, x0 = np.random.randint(h // 2), np.random.randint(w // 2)
            box[i, :, y0 : y0 + h // 4, x0 : x0 + w // 4] = 0
        return x * torch.where(on() > 0, box, torch.ones(()))

    def adapt(self, scores):
        self.signs.append(scores.detach().sign().mean())
        mean = torch.stack(tuple(self.signs)).mean()
        self.p = float(np.clip(self.p + 0.05 * np.sign(mean.item() - self.target), 0, 1))


class Faces(IterableDataset):
    def __init__(self, seed, size, people=5):
        self.seed, self.size, self.people = seed, size, people

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        g = torch.Generator().manual_seed(self.seed)
        base = torch.rand(self.people, 3, *self.size, generator=g) * 2 - 1
        while True:
            who = int(torch.randint(self.people, (1,), generator=g))
            yield {"image": base[who] + 0.1 * torch.randn(3, *self.size, generator=g), "who": who}


class Margin(nn.Module):
    """Angles to the weights of each class, a margin on the right one."""

    def __init__(self, dim, classes, s=16.0, m=0.3):
        super().__init__()
        self.weight, self.s, self.m = nn.Parameter(torch.empty(classes, dim)), s, m
        nn.init.xavier_uniform_(self.weight)

    def forward(self, x, label):
        cosine = F.linear(F.normalize(x), F.normalize(self.weight)).clamp(-1 + 1e-6, 1 - 1e-6)
        theta = cosine[torch.arange(len(x)), label].acos()
        logits = cosine.clone()
        logits[torch.arange(len(x)), label] = (theta + self.m).cos()
        return F.cross_entropy(self.s * logits, label)


def penalty(critic, real):
    real = real.detach().requires_grad_(True)
    (grad,) = torch.autograd.grad(critic(real).sum(), real, create_graph=True)
    return grad.square().flatten(1).sum(1).mean()


def pairs_auc(features, labels):
    similarity = F.normalize(features, dim=1) @ F.normalize(features, dim=1).mT
    i, j = torch.triu_indices(len(labels), len(labels), offset=1)
    scores, same = similarity[i, j], labels[i] == labels[j]
    pos, neg = scores[same], scores[~same]
    return (pos[:, None] > neg[None]).float().mean(), similarity


def main(words=("--z=12", "--r1=0.5")):
    torch.manual_seed(0), random.seed(0), np.random.seed(0)
    o = Options.parse(words)
    g, d, augment = Generator(o), Critic(o), Augment()
    loader = iter(DataLoader(Faces(1, o.size), batch_size=8))
    d(torch.zeros(4, 3, *o.size))
    steps = {name: torch.optim.Adam(net.parameters(), lr=2e-3, betas=(0.0, 0.99)) for name, net in {"g": g, "d": d}.items()}
    log: List[Dict[str, torch.Tensor]] = []
    for step, batch in enumerate(itertools.islice(loader, 3)):
        real = batch["image"]
        fake, _ = g(torch.randn(8, o.z))
        scores = d(augment(real))
        loss_d = F.softplus(-scores).mean() + F.softplus(d(augment(fake.detach()))).mean()
        if step % o.every == 0:
            loss_d = loss_d + o.r1 / 2 * penalty(d, real) * o.every
        steps["d"].zero_grad()
        loss_d.backward()
        steps["d"].step()
        augment.adapt(scores)
        loss_g = F.softplus(-d(augment(fake))).mean()
        steps["g"].zero_grad()
        loss_g.backward()
        steps["g"].step()
        log.append({"d": loss_d.detach(), "g": loss_g.detach()})
    curves = {k: torch.stack(list(map(operator.itemgetter(k), log))) for k in log[0]}
    g.eval()
    z0, z1 = torch.randn(2, o.z)
    walk = torch.stack([torch.lerp(z0, z1, t) for t in np.linspace(0, 1, 5).tolist()])
    images, ws = g(walk, truncation=0.7)
    embed = nn.Sequential(nn.Conv2d(3, 8, 4, 4), nn.Flatten(), nn.LazyLinear(6))
    margin = Margin(6, 5)
    both = ConcatDataset([TensorDataset(batch["image"], batch["who"]), Subset(TensorDataset(real, batch["who"]), range(4))])
    for image, who in DataLoader(both, batch_size=6):
        loss = margin(embed(image), who)
        loss.backward()
    auc, similarity = pairs_auc(embed(batch["image"]), batch["who"])
    print(curves["d"].shape, images.shape, ws.shape, auc.shape, similarity.shape)


if __name__ == "__main__":
    main()
