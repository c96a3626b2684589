"""Segmentation: a U-Net with lists of skips, deep supervision, losses, sliding windows, flips at test time, overlap by class."""
# modules: own_segmentation

from collections import deque
from functools import partial
from itertools import product
from typing import Callable, Sequence

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint
from torch.utils.data import DataLoader, Dataset


class Shapes(Dataset):
    """Pictures of discs and bars drawn by NumPy, with a label for each pixel."""

    def __init__(self, count, size=(40, 48), transform=None):
        self.count, self.size, self.transform = count, size, transform

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        rng = np.random.default_rng(index)
        h, w = self.size
        ys, xs = np.mgrid[:h, :w]
        label = np.zeros((h, w), dtype=np.int64)
        cy, cx, r = rng.integers(8, h - 8), rng.integers(8, w - 8), rng.integers(4, 8)
        label[(ys - cy) ** 2 + (xs - cx) ** 2 < r**2] = 1
        top = int(rng.integers(0, h - 6))
        label[top : top + 4, w // 4 : w // 2] = 2
        image = np.stack([label == k for k in range(3)], axis=-1).astype(np.float32)
        image += 0.1 * rng.standard_normal(image.shape).astype(np.float32)
        sample = {"image": torch.from_numpy(image).permute(2, 0, 1).contiguous(), "label": torch.as_tensor(label)}
        return self.transform(sample) if self.transform else sample


class Compose:
    def __init__(self, *steps: Callable):
        self.steps = steps

    def __call__(self, sample):
        for step in self.steps:
            sample = step(sample)
        return sample


class RandomCrop:
    def __init__(self, size):
        self.size = size

    def __call__(self, sample):
        (h, w), (ch, cw) = sample["label"].shape, self.size
        y, x = torch.randint(0, h - ch + 1, ()).item(), torch.randint(0, w - cw + 1, ()).item()
        return {k: v[..., y : y + ch, x : x + cw] for k, v in sample.items()}


def jitter(sample, strength=0.2):
    gain = 1 + strength * (torch.rand(3, 1, 1) - 0.5)
    return {**sample, "image": (sample["image"] * gain).clamp(-1, 2)}


class Block(nn.Module):
    def __init__(self, cin, cout, norm=nn.InstanceNorm2d):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(cin, cout, 3, padding=1, bias=False), norm(cout), nn.LeakyReLU(0.01, inplace=True),
            nn.Conv2d(cout, cout, 3, padding=1, bias=False), norm(cout),
        )
        self.skip = nn.Identity() if cin == cout else nn.Conv2d(cin, cout, 1)
        self.gate = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(cout, max(cout // 4, 1), 1), nn.ReLU(), nn.Conv2d(max(cout // 4, 1), cout, 1), nn.Sigmoid())

    def forward(self, x):
        y = self.body(x)
        return F.leaky_relu(y * self.gate(y) + self.skip(x))


class UNet(nn.Module):
    def __init__(self, channels: Sequence[int] = (8, 16, 32), classes=3, use_checkpoint=False):
        super().__init__()
        self.use_checkpoint = use_checkpoint
        self.stem = nn.Conv2d(3, channels[0], 3, padding=1)
        self.down = nn.ModuleList(Block(i, o) for i, o in zip((channels[0],) + tuple(channels[:-1]), channels))
        self.middle = Block(channels[-1], channels[-1] * 2)
        width = channels[-1] * 2
        self.up, self.merge, self.heads = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        for c in reversed(channels):
            self.up.append(nn.ConvTranspose2d(width, c, kernel_size=2, stride=2))
            self.merge.append(Block(2 * c, c))
            self.heads.append(nn.Conv2d(c, classes, 1))
            width = c

    def run(self, block, x):
        if self.use_checkpoint and self.training:
            return checkpoint(block, x, use_reentrant=False)
        return block(x)

    def forward(self, x):
        size = x.shape[-2:]
        multiple = 2 ** len(self.down)
        pad = [p for s in reversed(size) for p in (0, -s % multiple)]
        x = self.stem(F.pad(x, pad, mode="replicate"))
        skips = deque()
        for block in self.down:
            x = self.run(block, x)
            skips.appendleft(x)
            x = F.max_pool2d(x, 2)
        x = self.middle(x)
        outputs = []
        for up, merge, head, skip in zip(self.up, self.merge, self.heads, skips):
            x = self.run(merge, torch.cat((up(x), skip), 1))
            outputs.append(head(x))
        final = outputs.pop()[..., : size[0], : size[1]]
        return (final, outputs) if self.training else final


def dice_loss(logits, label, smooth=1.0):
    probs = logits.softmax(1)
    wanted = F.one_hot(label, logits.size(1)).movedim(-1, 1).to(probs)
    both = (probs * wanted).sum(dim=(0, 2, 3))
    total = (probs + wanted).sum(dim=(0, 2, 3))
    return 1 - ((2 * both + smooth) / (total + smooth)).mean()


def focal(logits, label, gamma=2.0):
    ce = F.cross_entropy(logits, label, reduction="none")
    return ((1 - torch.exp(-ce)) ** gamma * ce).mean()


def supervised(output, label, losses):
    final, deep = output
    total = sum(w * fn(final, label) for w, fn in losses)
    for i, logits in enumerate(reversed(deep), start=1):
        small = F.interpolate(label[:, None].float(), size=logits.shape[-2:], mode="nearest").squeeze(1).long()
        total = total + 0.5**i * F.cross_entropy(logits, small)
    return total


def sliding(model, image, window=(24, 24), overlap=0.5, classes=3):
    """The mean of the predictions of overlapping windows, each weighted towards its middle."""
    _, _, h, w = image.shape
    starts = []
    for size, win in zip((h, w), window):
        step = max(int(win * (1 - overlap)), 1)
        places = list(range(0, size - win + 1, step))
        if places[-1] != size - win:
            places.append(size - win)
        starts.append(places)
    ramps = [torch.hann_window(win + 2, periodic=False)[1:-1] for win in window]
    weight = torch.outer(*ramps)
    total, norm = image.new_zeros(image.size(0), classes, h, w), image.new_zeros(h, w)
    for y, x in product(*starts):
        patch = image[:, :, y : y + window[0], x : x + window[1]]
        total[:, :, y : y + window[0], x : x + window[1]] += model(patch).softmax(1) * weight
        norm[y : y + window[0], x : x + window[1]] += weight
    return total / norm


def flipped(predict, image):
    flips = [(), (2,), (3,), (2, 3)]
    votes = torch.stack([predict(image.flip(d)).flip(d) if d else predict(image) for d in flips])
    return votes.mean(0), votes.var(0).mean(1)


def intersection_over_union(pred, label, classes=3):
    table = torch.bincount((label * classes + pred).flatten(), minlength=classes**2).reshape(classes, classes)
    inter = table.diag()
    return inter / (table.sum(0) + table.sum(1) - inter).clamp(min=1)


if __name__ == "__main__":
    torch.manual_seed(0)
    train = DataLoader(Shapes(6, transform=Compose(RandomCrop((28, 36)), jitter)), batch_size=2, shuffle=True)
    model = UNet(use_checkpoint=True)
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3)
    losses = [(1.0, dice_loss), (0.5, partial(focal, gamma=1.5))]
    for batch in train:
        loss = supervised(model(batch["image"]), batch["label"], losses)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    model.eval()
    scores = []
    with torch.inference_mode():
        for batch in DataLoader(Shapes(4), batch_size=2):
            probs, doubt = flipped(partial(sliding, model), batch["image"])
            scores.append(intersection_over_union(probs.argmax(1), batch["label"]))
    mean = torch.stack(scores).mean(0)
    print(mean.shape, doubt.shape, probs.shape)
