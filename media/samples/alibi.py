"""Attention with linear biases (ALiBi): slopes for any number of heads, training and cached decoding."""

import math

import torch
from torch import nn
from torch.nn import functional as F


def get_slopes(n_heads):
    """One slope a head; where n_heads is no power of two, odd steps of the finer series fill up."""

    def series(n):
        ratio = 2.0 ** (-8.0 / n)
        return [ratio ** (i + 1) for i in range(n)]

    power = 1 << (n_heads.bit_length() - 1)
    slopes = series(power)
    if power < n_heads:
        slopes += series(2 * power)[0::2][: n_heads - power]
    return slopes


def build_alibi(n_heads, length):
    """[1, heads, length, length]: minus slope times distance, and -inf in the future."""
    slopes = torch.tensor(get_slopes(n_heads))
    query = torch.arange(length).view(-1, 1)
    key = torch.arange(length).view(1, -1)
    distance = (query - key).clamp(min=0)
    bias = -slopes[:, None, None] * distance
    bias = bias.masked_fill(key > query, float("-inf"))
    return bias.unsqueeze(0)


class AlibiAttention(nn.Module):
    def __init__(self, *, embed_dim, n_heads, max_len=64):
        super().__init__()
        self.embed_dim = embed_dim
        self.n_heads = n_heads
        self.in_proj_weight = nn.Parameter(torch.empty(3 * embed_dim, embed_dim))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * embed_dim))
        self.out_proj = nn.Linear(embed_dim, embed_dim)
        nn.init.normal_(self.in_proj_weight, std=0.02)
        self.register_buffer("alibi", build_alibi(n_heads, max_len), persistent=False)

    @property
    def head_dim(self):
        return self.embed_dim // self.n_heads

    def project(self, x):
        """Queries, keys and values, each [batch * heads, length, head_dim]."""
        batch, length, _ = x.size()
        qkv = F.linear(x, self.in_proj_weight, self.in_proj_bias)
        qkv = qkv.view(batch, length, 3, self.n_heads, self.head_dim)
        qkv = qkv.permute(2, 0, 3, 1, 4).reshape(3, batch * self.n_heads, length, self.head_dim)
        return qkv.unbind(0)

    def forward(self, x, past=None):
        batch, length, embed_dim = x.size()
        q, k, v = self.project(x)
        if past is not None:
            k = torch.cat((past[0], k), dim=1)
            v = torch.cat((past[1], v), dim=1)

        total = k.size(1)
        bias = self.alibi[:, :, total - length : total, :total]
        bias = bias.expand(batch, -1, -1, -1).reshape(batch * self.n_heads, length, total)

        scores = torch.baddbmm(bias, q, k.transpose(1, 2), alpha=1.0 / math.sqrt(self.head_dim))
        context = torch.bmm(scores.softmax(dim=-1), v)
        context = context.view(batch, self.n_heads, length, self.head_dim)
        context = context.transpose(1, 2).reshape(batch, length, embed_dim)
        return self.out_proj(context), (k, v)


class Block(nn.Module):
    def __init__(self, embed_dim, n_heads, expansion=3):
        super().__init__()
        self.ln_1 = nn.LayerNorm(embed_dim)
        self.ln_2 = nn.LayerNorm(embed_dim)
        self.attn = AlibiAttention(embed_dim=embed_dim, n_heads=n_heads)
        self.mlp = nn.Sequential(
            nn.Linear(embed_dim, expansion * embed_dim),
            nn.GELU(),
            nn.Linear(expansion * embed_dim, embed_dim),
        )

    def forward(self, x, past=None):
        attended, present = self.attn(self.ln_1(x), past)
        x = x + attended
        return x + self.mlp(self.ln_2(x)), present


class AlibiLM(nn.Module):
    def __init__(self, vocab_size=50, embed_dim=60, n_heads=6, n_layers=2):
        super().__init__()
        self.wte = nn.Embedding(vocab_size, embed_dim)
        self.h = nn.ModuleList([Block(embed_dim, n_heads) for _ in range(n_layers)])
        self.ln_f = nn.LayerNorm(embed_dim)

    def forward(self, ids, pasts=None):
        if pasts is None:
            pasts = [None] * len(self.h)
        x = self.wte(ids)
        presents = []
        for block, past in zip(self.h, pasts):
            x, present = block(x, past)
            presents.append(present)
        x = self.ln_f(x)
        logits = F.linear(x, self.wte.weight)
        return logits, presents


@torch.inference_mode()
def decode(model, ids, steps):
    logits, pasts = model(ids)
    while steps > 0:
        token = logits[:, -1].softmax(-1).topk(1, dim=-1).indices
        ids = torch.cat([ids, token], dim=1)
        logits, pasts = model(token, pasts)
        steps -= 1
    return ids


if __name__ == "__main__":
    torch.manual_seed(0)
    model = AlibiLM()
    ids = torch.randint(0, 50, (2, 11))
    logits, _ = model(ids)
    loss = F.cross_entropy(logits[:, :-1].reshape(-1, 50), ids[:, 1:].reshape(-1))
    loss.backward()
    longer = decode(model, ids, steps=3)
    print(loss.item(), longer.shape)
