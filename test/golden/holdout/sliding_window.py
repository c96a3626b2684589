"""Local attention over a sliding window, by unfold and by blocks, with a few global tokens."""

import torch
import torch.nn as nn
import torch.nn.functional as F

NEG = -1e4


def windows(x, before, after):
    """[b, h, t, d] -> [b, h, t, before + 1 + after, d], zero beyond the ends."""
    x = F.pad(x, (0, 0, before, after))
    return x.unfold(2, before + after + 1, 1).movedim(-1, -2)


def look_around(x, blocks_back=1):
    """Join every block with those before it: [b, h, n, w, d] -> [b, h, n, (back + 1) * w, d]."""
    n = x.shape[2]
    padded = F.pad(x, (0, 0, 0, 0, blocks_back, 0))
    shifted = [padded[:, :, i : i + n] for i in range(blocks_back + 1)]
    return torch.cat(shifted, dim=3)


class Projections(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.inp = nn.Linear(dim, dim * 3)
        self.out = nn.Linear(dim, dim)

    def split(self, x):
        b, t, c = x.shape
        return [
            part.reshape(b, t, self.heads, c // self.heads).transpose(1, 2)
            for part in self.inp(x).chunk(3, dim=-1)
        ]

    def merge(self, x):
        b, h, t, d = x.shape
        return self.out(x.transpose(1, 2).reshape(b, t, h * d))


class WindowAttention(Projections):
    def __init__(self, dim, heads, before=3, after=2):
        super().__init__(dim, heads)
        self.before, self.after = before, after
        self.bias = nn.Parameter(torch.zeros(heads, 1, before + 1 + after))

    def outside(self, t):
        index = torch.arange(t)[:, None] + torch.arange(-self.before, self.after + 1)
        return (index < 0) | (index >= t)

    def forward(self, x):
        q, k, v = self.split(x)
        t, d = q.shape[-2:]
        near_k, near_v = windows(k, self.before, self.after), windows(v, self.before, self.after)
        scores = (q.unsqueeze(-2) @ near_k.transpose(-1, -2)).squeeze(-2) * d**-0.5
        scores = scores + self.bias
        scores = scores.masked_fill(self.outside(t), NEG)
        mixed = scores.softmax(-1).unsqueeze(-2) @ near_v
        return self.merge(mixed.squeeze(-2))


class BlockAttention(Projections):
    """Causal; each block of queries sees its own block and the one before."""

    def __init__(self, dim, heads, window=4):
        super().__init__(dim, heads)
        self.window = window

    def forward(self, x):
        length = x.size(1)
        w = self.window
        padding = -length % w
        x = F.pad(x, (0, 0, 0, padding))

        q, k, v = (part.unflatten(2, (-1, w)) for part in self.split(x))
        k, v = look_around(k), look_around(v)
        n = q.size(2)

        places = torch.arange(n * w).view(n, w)
        key_places = torch.cat((places - w, places), dim=1)
        hidden = (key_places[:, None, :] > places[:, :, None]) | (key_places < 0)[:, None, :]

        scores = torch.einsum("bhnid,bhnjd->bhnij", q, k) / q.size(-1) ** 0.5
        scores.masked_fill_(hidden, NEG)
        mixed = torch.einsum("bhnij,bhnjd->bhnid", scores.softmax(-1), v)
        return self.merge(mixed.flatten(2, 3))[:, :length]


class GlobalTokens(Projections):
    """A few chosen tokens read everything, and everything reads them."""

    def __init__(self, dim, heads, count=2):
        super().__init__(dim, heads)
        self.count = count

    def forward(self, x):
        q, k, v = self.split(x)
        g = self.count
        few_k, few_v = k[:, :, :g], v[:, :, :g]
        scale = q.shape[-1] ** -0.5
        wide = torch.softmax(q[:, :, :g] @ k.transpose(2, 3) * scale, -1) @ v
        rest = torch.softmax(q[:, :, g:] @ few_k.transpose(2, 3) * scale, -1) @ few_v
        return self.merge(torch.cat([wide, rest], dim=2))


class Mixer(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.parts = nn.ModuleDict(
            dict(near=WindowAttention(dim, heads), block=BlockAttention(dim, heads), wide=GlobalTokens(dim, heads))
        )
        self.gate = nn.Linear(dim, len(self.parts))
        self.norm = nn.LayerNorm(dim)

    def forward(self, x):
        y = self.norm(x)
        outputs = torch.stack([part(y) for part in self.parts.values()], dim=-1)
        gates = self.gate(y).sigmoid().unsqueeze(-2)
        return x + (outputs * gates).sum(-1)


if __name__ == "__main__":
    torch.manual_seed(0)
    x = torch.randn(2, 14, 42)
    model = nn.Sequential(Mixer(42, 3), Mixer(42, 7))
    print(model(x).shape)
