"""Speech recognition as people write it: filter banks, a conformer, relative positions, CTC with beam-free decoding, a transducer's joint."""
# modules: own_speech

import math
from dataclasses import dataclass, field
from typing import List, Optional, Tuple

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


@dataclass
class Config:
    sample_rate: int = 16000
    n_fft: int = 256
    hop: int = 80
    n_mels: int = 32
    dim: int = 48
    heads: int = 4
    layers: int = 2
    kernel: int = 7
    vocab: List[str] = field(default_factory=lambda: ["<b>"] + list("abcdefgh "))


def mel_filters(cfg: Config) -> torch.Tensor:
    def hz_to_mel(f):
        return 2595.0 * np.log10(1.0 + f / 700.0)

    def mel_to_hz(m):
        return 700.0 * (10.0 ** (m / 2595.0) - 1.0)

    freqs = np.linspace(0, cfg.sample_rate // 2, cfg.n_fft // 2 + 1)
    points = mel_to_hz(np.linspace(hz_to_mel(0.0), hz_to_mel(cfg.sample_rate / 2), cfg.n_mels + 2))
    diff = np.diff(points)
    slopes = points[:, None] - freqs[None, :]
    down = -slopes[:-2] / diff[:-1, None]
    up = slopes[2:] / diff[1:, None]
    return torch.from_numpy(np.maximum(0, np.minimum(down, up))).float()


class Frontend(nn.Module):
    def __init__(self, cfg: Config):
        super().__init__()
        self.cfg = cfg
        self.register_buffer("window", torch.hann_window(cfg.n_fft))
        self.register_buffer("mels", mel_filters(cfg))

    def forward(self, wave, lengths):
        spec = torch.stft(wave, self.cfg.n_fft, self.cfg.hop, window=self.window, return_complex=True)
        power = spec[..., :-1].abs() ** 2
        mel = torch.clamp(self.mels @ power, min=1e-10).log10()
        mel = torch.maximum(mel, mel.amax(dim=(1, 2), keepdim=True) - 8.0)
        frames = lengths // self.cfg.hop
        if self.training:
            mel = spec_augment(mel)
        return mel.transpose(1, 2), frames


def spec_augment(mel, masks=2, width=6):
    b, m, t = mel.shape
    for _ in range(masks):
        start = torch.randint(0, m - width, (b, 1, 1))
        rows = torch.arange(m).view(1, m, 1)
        mel = mel.masked_fill((rows >= start) & (rows < start + width), 0.0)
    return mel


class Subsample(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv2d(1, cfg.dim, 3, 2), nn.ReLU(), nn.Conv2d(cfg.dim, cfg.dim, 3, 2), nn.ReLU())
        width = ((cfg.n_mels - 1) // 2 - 1) // 2
        self.out = nn.Linear(cfg.dim * width, cfg.dim)

    def forward(self, x, lengths):
        x = self.conv(x.unsqueeze(1))
        b, c, t, f = x.size()
        x = self.out(x.transpose(1, 2).contiguous().view(b, t, c * f))
        return x, torch.clamp(((lengths - 1) // 2 - 1) // 2, max=t)


class RelPositions(nn.Module):
    def __init__(self, dim, max_len=500):
        super().__init__()
        self.dim = dim
        self.pe = None
        self.extend(torch.tensor(0.0).expand(1, max_len))

    def extend(self, x):
        if self.pe is not None and self.pe.size(1) >= x.size(1) * 2 - 1:
            return
        positive = torch.zeros(x.size(1), self.dim)
        negative = torch.zeros(x.size(1), self.dim)
        position = torch.arange(0, x.size(1), dtype=torch.float32).unsqueeze(1)
        div = torch.exp(torch.arange(0, self.dim, 2, dtype=torch.float32) * -(math.log(10000.0) / self.dim))
        positive[:, 0::2], positive[:, 1::2] = torch.sin(position * div), torch.cos(position * div)
        negative[:, 0::2], negative[:, 1::2] = torch.sin(-1 * position * div), torch.cos(-1 * position * div)
        self.pe = torch.cat([torch.flip(positive, [0]).unsqueeze(0), negative[1:].unsqueeze(0)], dim=1)

    def forward(self, x):
        self.extend(x)
        middle = self.pe.size(1) // 2
        return self.pe[:, middle - x.size(1) + 1 : middle + x.size(1)]


class RelAttention(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.h, self.d = cfg.heads, cfg.dim // cfg.heads
        self.qkv = nn.Linear(cfg.dim, 3 * cfg.dim)
        self.pos = nn.Linear(cfg.dim, cfg.dim, bias=False)
        self.u = nn.Parameter(torch.zeros(self.h, self.d))
        self.v = nn.Parameter(torch.zeros(self.h, self.d))
        self.out = nn.Linear(cfg.dim, cfg.dim)

    def shift(self, x):
        zero = torch.zeros((*x.size()[:3], 1), dtype=x.dtype)
        padded = torch.cat([zero, x], dim=-1).view(*x.size()[:2], x.size(3) + 1, x.size(2))
        return padded[:, :, 1:].view_as(x)[:, :, :, : x.size(-1) // 2 + 1]

    def forward(self, x, pos, mask: Optional[torch.Tensor] = None):
        b, t, _ = x.shape
        q, k, v = (y.view(b, t, self.h, self.d) for y in self.qkv(x).chunk(3, dim=-1))
        p = self.pos(pos).view(1, -1, self.h, self.d).transpose(1, 2)
        content = torch.matmul((q + self.u).transpose(1, 2), k.permute(0, 2, 3, 1))
        position = self.shift(torch.matmul((q + self.v).transpose(1, 2), p.transpose(-2, -1)))
        scores = (content + position) / math.sqrt(self.d)
        if mask is not None:
            scores = scores.masked_fill(mask[:, None, None, :], torch.finfo(scores.dtype).min)
        return self.out((scores.softmax(-1) @ v.transpose(1, 2)).transpose(1, 2).reshape(b, t, -1))


class ConvModule(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.norm = nn.LayerNorm(cfg.dim)
        self.point1 = nn.Conv1d(cfg.dim, 2 * cfg.dim, 1)
        self.depth = nn.Conv1d(cfg.dim, cfg.dim, cfg.kernel, padding=cfg.kernel // 2, groups=cfg.dim)
        self.bn = nn.BatchNorm1d(cfg.dim)
        self.point2 = nn.Conv1d(cfg.dim, cfg.dim, 1)

    def forward(self, x, mask):
        x = F.glu(self.point1(self.norm(x).transpose(1, 2)), dim=1)
        x = x.masked_fill(mask.unsqueeze(1), 0.0)
        return self.point2(F.silu(self.bn(self.depth(x)))).transpose(1, 2)


class ConformerBlock(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        ff = lambda: nn.Sequential(nn.LayerNorm(cfg.dim), nn.Linear(cfg.dim, 4 * cfg.dim), nn.SiLU(), nn.Dropout(0.1), nn.Linear(4 * cfg.dim, cfg.dim))
        self.ff1, self.ff2 = ff(), ff()
        self.norm, self.attn, self.conv, self.last = nn.LayerNorm(cfg.dim), RelAttention(cfg), ConvModule(cfg), nn.LayerNorm(cfg.dim)

    def forward(self, x, pos, mask):
        x = x + 0.5 * self.ff1(x)
        x = x + self.attn(self.norm(x), pos, mask)
        x = x + self.conv(x, mask)
        return self.last(x + 0.5 * self.ff2(x))


class Recogniser(nn.Module):
    def __init__(self, cfg: Config):
        super().__init__()
        self.cfg = cfg
        self.frontend, self.subsample, self.positions = Frontend(cfg), Subsample(cfg), RelPositions(cfg.dim)
        self.blocks = nn.ModuleList([ConformerBlock(cfg) for _ in range(cfg.layers)])
        self.ctc = nn.Linear(cfg.dim, len(cfg.vocab))
        self.embed = nn.Embedding(len(cfg.vocab), cfg.dim, padding_idx=0)
        self.predictor = nn.GRU(cfg.dim, cfg.dim, batch_first=True)
        self.joint = nn.Linear(cfg.dim, len(cfg.vocab))

    def encode(self, wave, lengths):
        x, n = self.frontend(wave, lengths)
        x, n = self.subsample(x, n)
        pos = self.positions(x)
        mask = torch.arange(x.size(1))[None, :] >= n[:, None]
        for block in self.blocks:
            x = block(x, pos, mask)
        return x, n

    def forward(self, wave, lengths, tokens, token_lengths):
        x, n = self.encode(wave, lengths)
        log_probs = self.ctc(x).log_softmax(-1)
        ctc = F.ctc_loss(log_probs.transpose(0, 1), tokens, n, token_lengths, zero_infinity=True)
        start = torch.zeros(tokens.size(0), 1, dtype=torch.long)
        predicted, _ = self.predictor(self.embed(torch.cat([start, tokens], dim=1)))
        lattice = self.joint(torch.tanh(x.unsqueeze(2) + predicted.unsqueeze(1)))
        return ctc, lattice

    @torch.no_grad()
    def greedy(self, wave, lengths) -> List[str]:
        x, n = self.encode(wave, lengths)
        best = self.ctc(x).argmax(-1)
        texts = []
        for row, count in zip(best, n):
            collapsed = torch.unique_consecutive(row[:count])
            texts.append("".join(self.cfg.vocab[i] for i in collapsed[collapsed != 0].tolist()))
        return texts

    @torch.no_grad()
    def transduce(self, wave, lengths, limit=3):
        x, _ = self.encode(wave, lengths)
        token, state, said = torch.zeros(1, 1, dtype=torch.long), None, []
        for t in range(x.size(1)):
            for _ in range(limit):
                out, new_state = self.predictor(self.embed(token), state)
                best = self.joint(torch.tanh(x[:1, t : t + 1] + out)).argmax(-1)
                if best.item() == 0:
                    break
                said.append(best)
                token, state = best, new_state
        return said


torch.manual_seed(0)
cfg = Config()
model = Recogniser(cfg)
wave = torch.randn(2, 8000)
lengths = torch.tensor([8000, 6400])
tokens = torch.randint(1, len(cfg.vocab), (2, 5))
ctc, lattice = model(wave, lengths, tokens, torch.tensor([5, 4]))
(ctc + lattice.logsumexp(-1).mean()).backward()
model.eval()
print(ctc, lattice.shape, len(model.greedy(wave, lengths)), len(model.transduce(wave[:1], lengths[:1])))
