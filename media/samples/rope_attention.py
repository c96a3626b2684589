"""A small causal transformer whose attention uses rotary position encoding, in complex form.

Each pair of neighbouring features of a query or key is read as one complex number and turned by
an angle that grows with the position. The dot product of two turned vectors then depends only on
how far apart they are.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F


@dataclass
class Config:
    vocab_size: int = 100
    dim: int = 64
    n_heads: int = 8
    n_layers: int = 3
    max_seq_len: int = 32
    rope_theta: float = 10000.0


def rotation_table(head_dim, length, theta=10000.0):
    """The unit complex numbers exp(i * position * frequency), one row for each position."""
    exponents = torch.arange(0, head_dim, 2) / head_dim
    freqs = theta ** -exponents
    positions = torch.arange(length)
    angles = torch.outer(positions, freqs)
    return torch.polar(torch.ones_like(angles), angles)


def reshape_for_broadcast(freqs_cis, x):
    """Put the table's two dimensions where x has its positions and pairs, and 1 elsewhere."""
    seq_len, pairs = freqs_cis.shape
    assert x.shape[1] == seq_len and x.shape[-1] == pairs
    return freqs_cis.view(1, seq_len, 1, pairs)


def rotate(x, freqs_cis):
    """Turn every pair of features of x, a tensor of [batch, seq, heads, head_dim]."""
    pairs = x.float().unflatten(-1, (-1, 2))
    turned = torch.view_as_complex(pairs)
    turned = turned * reshape_for_broadcast(freqs_cis, turned)
    return torch.view_as_real(turned).flatten(-2).type_as(x)


class Attention(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        assert config.dim % config.n_heads == 0
        self.n_heads = config.n_heads
        self.head_dim = config.dim // config.n_heads

        self.wq = nn.Linear(config.dim, config.dim, bias=False)
        self.wk = nn.Linear(config.dim, config.dim, bias=False)
        self.wv = nn.Linear(config.dim, config.dim, bias=False)
        self.wo = nn.Linear(config.dim, config.dim, bias=False)

    def forward(self, x, freqs_cis, mask=None):
        batch, seq_len, dim = x.shape

        q = self.wq(x).view(batch, seq_len, self.n_heads, self.head_dim)
        k = self.wk(x).view(batch, seq_len, self.n_heads, self.head_dim)
        v = self.wv(x).view(batch, seq_len, self.n_heads, self.head_dim)

        q = rotate(q, freqs_cis)
        k = rotate(k, freqs_cis)

        q = q.transpose(1, 2)
        k = k.transpose(1, 2)
        v = v.transpose(1, 2)

        scores = q @ k.transpose(-2, -1) / math.sqrt(self.head_dim)
        if mask is not None:
            scores = scores + mask
        weights = scores.softmax(dim=-1)

        out = weights @ v
        out = out.transpose(1, 2).contiguous().view(batch, seq_len, dim)
        return self.wo(out)


class FeedForward(nn.Module):
    def __init__(self, dim, hidden_dim):
        super().__init__()
        self.up = nn.Linear(dim, hidden_dim)
        self.down = nn.Linear(hidden_dim, dim)

    def forward(self, x):
        return self.down(F.gelu(self.up(x)))


class Block(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.attention_norm = nn.LayerNorm(config.dim)
        self.attention = Attention(config)
        self.ffn_norm = nn.LayerNorm(config.dim)
        self.ffn = FeedForward(config.dim, 4 * config.dim)

    def forward(self, x, freqs_cis, mask):
        x = x + self.attention(self.attention_norm(x), freqs_cis, mask)
        return x + self.ffn(self.ffn_norm(x))


class Transformer(nn.Module):
    def __init__(self, config: Config):
        super().__init__()
        self.embed = nn.Embedding(config.vocab_size, config.dim)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.n_layers))
        self.norm = nn.LayerNorm(config.dim)
        self.head = nn.Linear(config.dim, config.vocab_size, bias=False)

        head_dim = config.dim // config.n_heads
        freqs_cis = rotation_table(head_dim, config.max_seq_len, config.rope_theta)
        self.register_buffer("freqs_cis", freqs_cis, persistent=False)

    def forward(self, tokens):
        _, seq_len = tokens.shape
        x = self.embed(tokens)
        freqs_cis = self.freqs_cis[:seq_len]

        mask = torch.full((seq_len, seq_len), float("-inf"), device=tokens.device)
        mask = torch.triu(mask, diagonal=1)

        for block in self.blocks:
            x = block(x, freqs_cis, mask)
        return self.head(self.norm(x))


if __name__ == "__main__":
    torch.manual_seed(0)
    model = Transformer(Config())
    tokens = torch.randint(0, 100, (2, 16))
    logits = model(tokens)
    print(logits.shape)
