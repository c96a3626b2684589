"""Attention in many forms: online softmax in tiles, sliding windows, ALiBi, relative bias, linear, T5 buckets, multi-query."""
# modules: own_attention

import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from einops import einsum, rearrange, repeat
from einops.layers.torch import Rearrange


def flash_attention(Q, K, V, block_q=4, block_k=3, causal=True):
    """Softmax of tiles with a running maximum and sum."""
    B, H, N, D = Q.shape
    O = torch.zeros_like(Q)
    L = torch.zeros(B, H, N, 1)
    M = torch.full((B, H, N, 1), -torch.inf)
    scale = D**-0.5
    for i in range(0, N, block_q):
        q = Q[:, :, i : i + block_q] * scale
        o, l, m = O[:, :, i : i + block_q], L[:, :, i : i + block_q], M[:, :, i : i + block_q]
        for j in range(0, K.shape[2], block_k):
            if causal and j > i + block_q - 1:
                break
            k, v = K[:, :, j : j + block_k], V[:, :, j : j + block_k]
            s = q @ k.transpose(-1, -2)
            if causal:
                rows = torch.arange(i, i + q.shape[2])[:, None]
                cols = torch.arange(j, j + k.shape[2])[None, :]
                s = s.masked_fill(rows < cols, -torch.inf)
            new_m = torch.maximum(m, s.amax(dim=-1, keepdim=True))
            p = torch.exp(s - new_m)
            alpha = torch.exp(m - new_m)
            l = l * alpha + p.sum(-1, keepdim=True)
            o = o * alpha + p @ v
            m = new_m
        O[:, :, i : i + block_q] = o / l
        L[:, :, i : i + block_q] = l
    return O, L


def get_slopes(n):
    def power_of_2(n):
        start = 2 ** (-(2 ** -(math.log2(n) - 3)))
        return [start * start**i for i in range(n)]

    if math.log2(n).is_integer():
        return power_of_2(n)
    closest = 2 ** math.floor(math.log2(n))
    return power_of_2(closest) + get_slopes(2 * closest)[0::2][: n - closest]


class ALiBi(nn.Module):
    def __init__(self, heads, max_len=32):
        super().__init__()
        slopes = torch.Tensor(get_slopes(heads))
        alibi = slopes.unsqueeze(1).unsqueeze(1) * torch.arange(max_len).unsqueeze(0).unsqueeze(0).expand(heads, -1, -1)
        self.register_buffer("alibi", alibi, persistent=False)

    def forward(self, scores):
        return scores + self.alibi[:, :, : scores.size(-1)]


class T5Bias(nn.Module):
    def __init__(self, buckets=8, max_distance=16, heads=3):
        super().__init__()
        self.buckets, self.max_distance = buckets, max_distance
        self.emb = nn.Embedding(buckets, heads)

    @staticmethod
    def bucket(relative, num_buckets, max_distance):
        ret = 0
        n = -relative
        num_buckets //= 2
        ret += (n < 0).to(torch.long) * num_buckets
        n = torch.abs(n)
        max_exact = num_buckets // 2
        is_small = n < max_exact
        large = max_exact + (torch.log(n.float() / max_exact) / math.log(max_distance / max_exact) * (num_buckets - max_exact)).to(torch.long)
        large = torch.min(large, torch.full_like(large, num_buckets - 1))
        ret += torch.where(is_small, n, large)
        return ret

    def forward(self, qlen, klen):
        context = torch.arange(qlen, dtype=torch.long)[:, None]
        memory = torch.arange(klen, dtype=torch.long)[None, :]
        values = self.emb(self.bucket(memory - context, self.buckets, self.max_distance))
        return values.permute([2, 0, 1]).unsqueeze(0)


class WindowBias(nn.Module):
    def __init__(self, window=(4, 4), heads=3):
        super().__init__()
        self.window = window
        self.table = nn.Parameter(torch.zeros((2 * window[0] - 1) * (2 * window[1] - 1), heads))
        coords = torch.stack(torch.meshgrid([torch.arange(window[0]), torch.arange(window[1])], indexing="ij"))
        coords_flatten = torch.flatten(coords, 1)
        relative = coords_flatten[:, :, None] - coords_flatten[:, None, :]
        relative = relative.permute(1, 2, 0).contiguous()
        relative[:, :, 0] += window[0] - 1
        relative[:, :, 1] += window[1] - 1
        relative[:, :, 0] *= 2 * window[1] - 1
        self.register_buffer("index", relative.sum(-1))
        nn.init.trunc_normal_(self.table, std=0.02)

    def forward(self):
        area = self.window[0] * self.window[1]
        return self.table[self.index.view(-1)].view(area, area, -1).permute(2, 0, 1).contiguous()


def sliding_window(q, k, v, window):
    """Each chunk of queries attends to its own chunk of keys and the one before."""
    b, h, n, d = q.shape
    pad = (window - n % window) % window
    q, k, v = (F.pad(t, (0, 0, 0, pad)) for t in (q, k, v))
    chunks = (n + pad) // window
    q, k, v = map(lambda t: rearrange(t, "b h (c w) d -> b h c w d", c=chunks), (q, k, v))
    k = torch.cat([F.pad(k, (0, 0, 0, 0, 1, 0))[:, :, :-1], k], dim=-2)
    v = torch.cat([F.pad(v, (0, 0, 0, 0, 1, -1)), v], dim=-2)
    sim = einsum(q, k, "b h c i d, b h c j d -> b h c i j") * d**-0.5
    i = torch.arange(window).unsqueeze(-1)
    j = torch.arange(-window, window).unsqueeze(0)
    sim = sim.masked_fill((j > i) | (i - j >= window), torch.finfo(sim.dtype).min)
    out = einsum(sim.softmax(dim=-1), v, "b h c i j, b h c j d -> b h c i d")
    return rearrange(out, "b h c w d -> b h (c w) d")[:, :, :n]


def linear_attention(q, k, v):
    q, k = F.elu(q) + 1, F.elu(k) + 1
    kv = torch.einsum("bhnd,bhne->bhde", k, v)
    z = 1 / (torch.einsum("bhnd,bhd->bhn", q, k.sum(dim=2)) + 1e-6)
    return torch.einsum("bhnd,bhde,bhn->bhne", q, kv, z)


def rel_shift(x):
    b, h, i, j = x.shape
    x = torch.cat([x.new_zeros(b, h, i, 1), x], dim=3)
    return x.view(b, h, j + 1, i)[:, :, 1:].view_as(x[..., :j]) if i == j else x[..., :j]


class MultiQuery(nn.Module):
    def __init__(self, dim=24, heads=3):
        super().__init__()
        self.heads = heads
        self.to_q = nn.Sequential(nn.Linear(dim, dim, bias=False), Rearrange("b n (h d) -> b h n d", h=heads))
        self.to_kv = nn.Linear(dim, 2 * dim // heads, bias=False)
        self.alibi = ALiBi(heads)
        self.merge = Rearrange("b h n d -> b n (h d)")

    def forward(self, x, context=None):
        context = x if context is None else context
        q = self.to_q(x)
        k, v = self.to_kv(context).chunk(2, dim=-1)
        dots = einsum(q, k, "b h i d, b j d -> b h i j") / q.shape[-1] ** 0.5
        dots = self.alibi(dots)
        dots = dots.masked_fill(torch.ones_like(dots, dtype=torch.bool).triu(1), float("-inf"))
        return self.merge(einsum(dots.softmax(-1), v, "b h i j, b j d -> b h i d"))


torch.manual_seed(0)
q, k, v = torch.randn(3, 2, 3, 10, 8).unbind(0)
o, l = flash_attention(q, k, v)
reference = F.scaled_dot_product_attention(q, k, v, is_causal=True)
error = (o - reference).abs().max()
local = sliding_window(q, k, v, 4)
linear = linear_attention(q, k, v)
bias = T5Bias()(10, 10)
biased = ((q @ k.mT) + bias).softmax(-1) @ v
windows = WindowBias()()
grid = repeat(windows, "h i j -> b h i j", b=2)
x = rearrange(v, "b h n d -> b n (h d)")
y = MultiQuery()(x)
shifted = rel_shift(torch.randn(2, 3, 10, 10))
print(error, local.shape, linear.shape, biased.shape, grid.shape, y.shape, shifted.shape)
