"""Self-attention with learnt relative positions, looked up through an index table (Shaw's form)."""

import torch
import torch.nn as nn
import torch.nn.functional as F


def relative_index(length, max_distance):
    """[length, length] table of row numbers: the clipped offset j - i, shifted to start at zero."""
    places = torch.arange(length)
    offsets = places[None, :] - places[:, None]
    return offsets.clamp(-max_distance, max_distance) + max_distance


class RelativeEmbedding(nn.Module):
    def __init__(self, head_dim, max_distance):
        super().__init__()
        self.max_distance = max_distance
        self.weight = nn.Parameter(torch.empty(2 * max_distance + 1, head_dim))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, length):
        index = relative_index(length, self.max_distance).to(self.weight.device)
        return self.weight[index]


class RelativeAttention(nn.Module):
    def __init__(self, dim, heads, max_distance=4, causal=False, dropout=0.0):
        super().__init__()
        assert dim % heads == 0, "heads must divide dim"
        self.dim, self.heads = dim, heads
        self.head_dim = dim // heads
        self.causal = causal

        self.qkv = nn.Linear(dim, 3 * dim)
        self.out = nn.Linear(dim, dim)
        self.rel_k = RelativeEmbedding(self.head_dim, max_distance)
        self.rel_v = RelativeEmbedding(self.head_dim, max_distance)
        self.drop = nn.Dropout(dropout)

    @staticmethod
    def causal_mask(length, device=None):
        ones = torch.ones(length, length, dtype=torch.bool, device=device)
        return ones.tril()

    def forward(self, x):
        b, l, _ = x.shape
        h, d = self.heads, self.head_dim

        qkv = self.qkv(x).reshape(b, l, 3, h, d).permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0], qkv[1], qkv[2]
        q = q * d ** -0.5

        content = torch.einsum("bhrd,bhld->bhrl", q, k)
        position = torch.einsum("bhrd,rld->bhrl", q, self.rel_k(l))
        logits = content + position
        if self.causal:
            logits = logits.masked_fill(~self.causal_mask(l, x.device), float("-inf"))
        attn = self.drop(F.softmax(logits, dim=-1))

        out = torch.einsum("bhrl,bhld->bhrd", attn, v)
        out = out + torch.einsum("bhrl,rld->bhrd", attn, self.rel_v(l))
        out = out.transpose(1, 2).flatten(2)
        return self.out(out)


class SkewedAttention(nn.Module):
    """The memory-saving form for causal attention: score all offsets, then skew rows into place."""

    def __init__(self, dim, heads, max_len):
        super().__init__()
        self.heads = heads
        self.max_len = max_len
        self.q = nn.Linear(dim, dim)
        self.k = nn.Linear(dim, dim)
        self.v = nn.Linear(dim, dim)
        self.offsets = nn.Parameter(torch.randn(heads, max_len, dim // heads) * 0.02)

    def _heads(self, x):
        b, l, c = x.shape
        return x.reshape(b, l, self.heads, c // self.heads).transpose(1, 2)

    def _skew(self, scores):
        b, h, rows, cols = scores.shape
        padded = F.pad(scores, (1, 0))
        padded = padded.reshape(b, h, cols + 1, rows)
        return padded[:, :, 1:, :]

    def forward(self, x):
        b, l, c = x.shape
        q, k, v = self._heads(self.q(x)), self._heads(self.k(x)), self._heads(self.v(x))

        table = self.offsets[:, self.max_len - l :, :]
        relative = self._skew(q @ table.transpose(-1, -2))
        logits = (q @ k.mT + relative) / (c // self.heads) ** 0.5

        future = torch.triu(torch.ones(l, l), diagonal=1).bool()
        logits.masked_fill_(future, float("-inf"))
        mixed = logits.softmax(-1) @ v
        return mixed.transpose(1, 2).reshape(b, l, c)


class Encoder(nn.Module):
    def __init__(self, dim=36, heads=4, depth=2):
        super().__init__()
        self.layers = nn.ModuleList([])
        for i in range(depth):
            self.layers.append(
                nn.ModuleList(
                    [
                        nn.LayerNorm(dim),
                        RelativeAttention(dim, heads, max_distance=5, causal=i % 2 == 1),
                        nn.LayerNorm(dim),
                        nn.Sequential(nn.Linear(dim, 2 * dim), nn.GELU(), nn.Linear(2 * dim, dim)),
                    ]
                )
            )

    def forward(self, x):
        for norm1, attn, norm2, mlp in self.layers:
            x = attn(norm1(x)) + x
            x = mlp(norm2(x)) + x
        return x


if __name__ == "__main__":
    torch.manual_seed(0)
    x = torch.randn(2, 13, 36)
    encoded = Encoder()(x)
    skewed = SkewedAttention(dim=36, heads=3, max_len=20)(encoded)
    print(encoded.shape, skewed.shape)
