"""Speech: spectra by hand, masks over time and frequency, a convolutional encoder, CTC, a vocoder's losses."""
# modules: own_audio

import math
from functools import cached_property
from itertools import groupby
from types import MappingProxyType
from typing import List, Optional, Tuple

import torch
from torch import Tensor, nn
import torch.nn.functional as F

RATES = MappingProxyType({"low": 8_000, "high": 16_000})
ALPHABET = "_ abcdefghijklmnopqrstuvwxyz'"


def mel_filters(n_mels: int, n_fft: int, rate: int) -> Tensor:
    to_mel = lambda hz: 2595.0 * math.log10(1.0 + hz / 700.0)  # noqa: E731
    mels = torch.linspace(to_mel(0), to_mel(rate / 2), n_mels + 2)
    hz = 700.0 * (10 ** (mels / 2595.0) - 1)
    bins = torch.linspace(0, rate / 2, n_fft // 2 + 1)
    slopes = hz.unsqueeze(0) - bins.unsqueeze(1)
    down = -slopes[:, :-2] / (hz[1:-1] - hz[:-2])
    up = slopes[:, 2:] / (hz[2:] - hz[1:-1])
    return torch.clamp(torch.minimum(down, up), min=0).t()


class LogMel(nn.Module):
    def __init__(self, rate="low", n_fft=128, hop=64, n_mels=20, pre=0.97):
        super().__init__()
        self.n_fft, self.hop, self.pre = n_fft, hop, pre
        self.register_buffer("window", torch.hann_window(n_fft))
        self.register_buffer("filters", mel_filters(n_mels, n_fft, RATES[rate]))

    def forward(self, wave: Tensor) -> Tensor:
        wave = torch.cat([wave[:, :1], wave[:, 1:] - self.pre * wave[:, :-1]], dim=1)
        spec = torch.stft(wave, self.n_fft, self.hop, window=self.window, return_complex=True)
        power = spec.real**2 + spec.imag**2
        mel = self.filters @ power
        mel = (mel + 1e-6).log()
        return (mel - mel.mean(-1, keepdim=True)) / (mel.std(-1, keepdim=True) + 1e-5)


class SpecAugment(nn.Module):
    def __init__(self, width_f=4, width_t=6, n=2):
        super().__init__()
        self.width_f, self.width_t, self.n = width_f, width_t, n

    def mask(self, x, dim, width):
        size = x.shape[dim]
        start = torch.rand(x.shape[0], 1) * (size - width)
        places = torch.arange(size)[None]
        hit = (places >= start) & (places < start + width)
        return hit.unsqueeze(2) if dim == 1 else hit.unsqueeze(1)

    def forward(self, x):
        if not self.training:
            return x
        for _ in range(self.n):
            x = x.masked_fill(self.mask(x, 1, self.width_f), 0.0)
            x = x.masked_fill(self.mask(x, 2, self.width_t), 0.0)
        return x


class Swish(nn.Module):
    def forward(self, x):
        return x * x.sigmoid()


class ConvModule(nn.Module):
    def __init__(self, dim, kernel=7):
        super().__init__()
        self.norm = nn.LayerNorm(dim)
        self.net = nn.Sequential(
            nn.Conv1d(dim, 2 * dim, 1),
            nn.GLU(dim=1),
            nn.Conv1d(dim, dim, kernel, padding=(kernel - 1) // 2, groups=dim),
            nn.BatchNorm1d(dim),
            Swish(),
            nn.Conv1d(dim, dim, 1),
        )

    def forward(self, x, pad: Optional[Tensor] = None):
        x = self.norm(x).transpose(1, 2)
        if pad is not None:
            x = x.masked_fill(pad[:, None], 0)
        return self.net(x).transpose(1, 2)


class RelativeAttention(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.h, self.d = heads, dim // heads
        self.q, self.k, self.v, self.o = (nn.Linear(dim, dim) for _ in range(4))
        self.pos = nn.Linear(dim, dim, bias=False)
        self.u, self.w = nn.Parameter(torch.zeros(heads, self.d)), nn.Parameter(torch.zeros(heads, self.d))
        nn.init.xavier_uniform_(self.u)

    def shift(self, x):
        b, h, t, p = x.shape
        x = F.pad(x, (1, 0)).view(b, h, p + 1, t)
        return x[:, :, 1:].view(b, h, t, p)[..., : p // 2 + 1]

    def forward(self, x, table, pad=None):
        b, t, _ = x.shape
        q = self.q(x).view(b, t, self.h, self.d)
        k = self.k(x).view(b, t, self.h, self.d).permute(0, 2, 3, 1)
        v = self.v(x).view(b, t, self.h, self.d).transpose(1, 2)
        p = self.pos(table).view(1, -1, self.h, self.d).permute(0, 2, 3, 1)
        content = (q + self.u).transpose(1, 2) @ k
        position = self.shift((q + self.w).transpose(1, 2) @ p)
        scores = (content + position) / math.sqrt(self.d)
        if pad is not None:
            scores = scores.masked_fill(pad[:, None, None], torch.finfo(scores.dtype).min)
        y = scores.softmax(-1) @ v
        return self.o(y.transpose(1, 2).reshape(b, t, self.h * self.d))


class Block(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        ff = lambda: nn.Sequential(nn.LayerNorm(dim), nn.Linear(dim, 2 * dim), Swish(), nn.Dropout(0.1), nn.Linear(2 * dim, dim))  # noqa: E731
        self.first, self.last = ff(), ff()
        self.attn_norm, self.out_norm = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.attn = RelativeAttention(dim, heads)
        self.conv = ConvModule(dim)

    def forward(self, x, table, pad):
        x = x + 0.5 * self.first(x)
        x = x + self.attn(self.attn_norm(x), table, pad)
        x = x + self.conv(x, pad)
        x = x + 0.5 * self.last(x)
        return self.out_norm(x)


class Recogniser(nn.Module):
    def __init__(self, n_mels=20, dim=32, heads=4, depth=2, symbols=len(ALPHABET)):
        super().__init__()
        self.features, self.augment = LogMel(n_mels=n_mels), SpecAugment()
        self.sub = nn.Sequential(nn.Conv2d(1, 8, 3, 2), nn.ReLU(), nn.Conv2d(8, 8, 3, 2), nn.ReLU())
        left = n_mels
        for _ in range(2):
            left = (left - 3) // 2 + 1
        self.proj = nn.Linear(8 * left, dim)
        self.blocks = nn.ModuleList([Block(dim, heads) for _ in range(depth)])
        self.middle = nn.ModuleList([nn.Linear(dim, symbols) for _ in range(depth)])
        self.back = nn.Linear(symbols, dim)
        self.dim = dim

    def table(self, t):
        place = torch.arange(t - 1, -t, -1.0).unsqueeze(1)
        rate = torch.exp(torch.arange(0, self.dim, 2) * (-math.log(10000.0) / self.dim))
        pe = torch.zeros(2 * t - 1, self.dim)
        pe[:, 0::2], pe[:, 1::2] = torch.sin(place * rate), torch.cos(place * rate)
        return pe.unsqueeze(0)

    def lengths(self, samples):
        frames = torch.div(samples, self.features.hop, rounding_mode="floor") + 1
        for layer in self.sub:
            if isinstance(layer, nn.Conv2d):
                frames = torch.div(frames - layer.kernel_size[0], layer.stride[0], rounding_mode="trunc") + 1
        return frames

    def forward(self, wave, samples):
        x = self.augment(self.features(wave))
        x = self.sub(x.unsqueeze(1).transpose(2, 3))
        b, c, t, f = x.size()
        x = self.proj(x.transpose(1, 2).contiguous().view(b, t, c * f))
        lengths = self.lengths(samples)
        pad = torch.arange(t)[None, :] >= lengths[:, None]
        outs, table = [], self.table(t)
        for block, head in zip(self.blocks, self.middle):
            x = block(x, table, pad)
            probs = head(x)
            x = x + self.back(probs.softmax(-1))
            outs.append(probs.log_softmax(-1))
        return outs, lengths


def ctc(outs: List[Tensor], lengths: Tensor, texts: List[str]):
    targets = torch.cat([torch.tensor([ALPHABET.index(c) for c in text]) for text in texts])
    sizes = torch.tensor([len(text) for text in texts])
    losses = [F.ctc_loss(out.transpose(0, 1), targets, lengths, sizes, zero_infinity=True) for out in outs]
    return torch.stack(losses).mean()


def greedy(log_probs: Tensor, lengths: Tensor) -> List[str]:
    best = log_probs.argmax(-1)
    return ["".join(ALPHABET[i] for i, _ in groupby(row[:n].tolist()) if i) for row, n in zip(best, lengths)]


class Vocoder(nn.Module):
    def __init__(self, n_mels=20, width=16, rates=(4, 4, 4)):
        super().__init__()
        self.pre = nn.utils.parametrizations.weight_norm(nn.Conv1d(n_mels, width, 7, padding=3))
        self.ups, self.res = nn.ModuleList(), nn.ModuleList()
        for i, r in enumerate(rates):
            c = width // 2**i
            self.ups.append(nn.ConvTranspose1d(c, c // 2, 2 * r, r, padding=r // 2))
            self.res.append(nn.ModuleList([nn.Conv1d(c // 2, c // 2, 3, dilation=d, padding=d) for d in (1, 3)]))
        self.post = nn.Conv1d(width // 2 ** len(rates), 1, 7, padding=3)

    def forward(self, mel):
        x = self.pre(mel)
        for up, layers in zip(self.ups, self.res):
            x = up(F.leaky_relu(x, 0.1))
            for layer in layers:
                x = x + layer(F.leaky_relu(x, 0.1))
        return torch.tanh(self.post(F.leaky_relu(x)))


def spectral_loss(a: Tensor, b: Tensor, sizes: Tuple[int, ...] = (32, 64)):
    total = a.new_zeros(())
    for n in sizes:
        window = torch.hann_window(n)
        x, y = (torch.stft(s.squeeze(1), n, n // 4, window=window, return_complex=True).abs() for s in (a, b))
        total = total + (x - y).norm() / y.norm().clamp_min(1e-6) + F.l1_loss((x + 1e-5).log(), (y + 1e-5).log())
    return total / len(sizes)


def main():
    torch.manual_seed(2)
    waves, samples = torch.randn(3, 6400), torch.tensor([6400, 5000, 6100])
    model = Recogniser().train()
    outs, lengths = model(waves, samples)
    loss = ctc(outs, lengths, ["go on", "stop", "left"])
    loss.backward()
    grad_norm = torch.norm(torch.stack([p.grad.detach().norm(2) for p in model.parameters() if p.grad is not None]), 2)
    with torch.no_grad():
        outs, lengths = model.eval()(waves[:2], samples[:2])
        texts = greedy(outs[-1], lengths)
        mel = model.features(waves)
    made = Vocoder()(mel)
    made = made[..., : waves.shape[-1]]
    score = spectral_loss(made, waves.unsqueeze(1)[..., : made.shape[-1]])
    print(made.shape, score, len(texts), grad_norm)


if __name__ == "__main__":
    main()
