"""Attention where the absolute sinusoidal encoding is added to the queries, the keys and the values."""

import math

import torch
from torch import nn


def sinusoidal_table(length, dim, base=10000.0):
    """Sine in the even columns, cosine in the odd ones."""
    position = torch.arange(length).unsqueeze(1)
    rate = torch.exp(-math.log(base) / dim * torch.arange(0, dim, 2))
    phase = position * rate
    table = torch.empty(length, dim)
    table[:, 0::2] = phase.sin()
    table[:, 1::2] = phase.cos()
    return table


class SinusoidalEncoding(nn.Module):
    def __init__(self, dim, max_len=64):
        super(SinusoidalEncoding, self).__init__()
        self.register_buffer("table", sinusoidal_table(max_len, dim), persistent=False)

    def forward(self, *streams):
        """Add the positions to each of the streams, which may differ in length."""
        return tuple(s + self.table[: s.size(1)] for s in streams)


def attend(q, k, v, visible=None):
    scores = q.matmul(k.transpose(-2, -1)) / math.sqrt(q.size(-1))
    if visible is not None:
        scores = torch.where(visible, scores, torch.tensor(-1e9))
    weights = torch.softmax(scores, dim=-1)
    return weights.matmul(v), weights


class EncodedAttention(nn.Module):
    """Multi-head attention; every head sees the positions in q, k and v alike."""

    def __init__(self, dim, heads, dropout=0.1):
        super().__init__()
        if dim % heads != 0:
            raise ValueError(f"{dim} features do not divide into {heads} heads")
        self.heads = heads
        self.width = dim // heads
        self.encode = SinusoidalEncoding(dim)
        self.to_q, self.to_k, self.to_v, self.to_out = [nn.Linear(dim, dim) for _ in range(4)]
        self.dropout = nn.Dropout(dropout)
        self.weights = None

    def split(self, x):
        return x.view(x.size(0), -1, self.heads, self.width).transpose(1, 2)

    def merge(self, x):
        x = x.permute(0, 2, 1, 3).contiguous()
        return x.view(*x.size()[:-2], self.heads * self.width)

    def forward(self, x, memory=None, mask=None):
        memory = x if memory is None else memory
        if mask is not None:
            mask = mask.unsqueeze(1)  # the same mask for every head

        streams = self.encode(self.to_q(x), self.to_k(memory), self.to_v(memory))
        q, k, v = map(self.split, streams)
        out, self.weights = attend(q, k, v, visible=mask)
        return self.dropout(self.to_out(self.merge(out)))


class Layer(nn.Module):
    def __init__(self, dim, heads, hidden):
        super().__init__()
        self.attention = EncodedAttention(dim, heads)
        self.feed_forward = nn.Sequential(
            nn.Linear(dim, hidden),
            nn.ReLU(),
            nn.Linear(hidden, dim),
        )
        self.norms = nn.ModuleList([nn.LayerNorm(dim) for _ in range(2)])

    def residual(self, i, x, sublayer):
        return x + sublayer(self.norms[i](x))

    def forward(self, x, mask):
        x = self.residual(0, x, lambda y: self.attention(y, mask=mask))
        return self.residual(1, x, self.feed_forward)


class Classifier(nn.Module):
    def __init__(self, vocab, n_classes, dim=40, heads=5, hidden=96, depth=2):
        super().__init__()
        self.scale = math.sqrt(dim)
        self.embed = nn.Embedding(vocab, dim, padding_idx=0)
        self.layers = nn.ModuleList()
        for _ in range(depth):
            self.layers.append(Layer(dim, heads, hidden))
        self.norm = nn.LayerNorm(dim)
        self.proj = nn.Linear(dim, n_classes)

    def forward(self, tokens):
        keep = tokens != 0
        mask = keep.unsqueeze(-2)
        x = self.embed(tokens) * self.scale
        for layer in self.layers:
            x = layer(x, mask)
        x = self.norm(x)

        # mean over the real tokens
        weight = keep.unsqueeze(-1).float()
        pooled = (x * weight).sum(dim=1) / weight.sum(dim=1).clamp(min=1)
        return torch.log_softmax(self.proj(pooled), dim=-1)


if __name__ == "__main__":
    torch.manual_seed(0)
    tokens = torch.randint(1, 60, (3, 14))
    tokens[0, 10:] = 0
    tokens[1, 12:] = 0

    model = Classifier(vocab=60, n_classes=7)
    scores = model(tokens)
    weights = model.layers[0].attention.weights
    print(f"scores {list(scores.shape)}, weights {list(weights.shape)}")

    cross = EncodedAttention(dim=40, heads=5)
    regions = torch.randn(3, 9, 40)
    print(cross(torch.randn(3, 14, 40), memory=regions).shape)
