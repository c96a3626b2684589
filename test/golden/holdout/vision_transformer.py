"""A vision transformer: convolutional patches, class and register tokens, resized positions, pooling."""

from functools import partial

import torch
import torch.nn.functional as F
from einops import rearrange, repeat
from torch import nn


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


class PatchEmbed(nn.Module):
    def __init__(self, image_size, patch_size, channels=3, dim=30):
        super().__init__()
        self.image_size, self.patch_size = pair(image_size), pair(patch_size)
        self.grid = tuple(i // p for i, p in zip(self.image_size, self.patch_size))
        self.proj = nn.Conv2d(channels, dim, kernel_size=self.patch_size, stride=self.patch_size)

    @property
    def num_patches(self):
        rows, cols = self.grid
        return rows * cols

    def forward(self, images):
        return self.proj(images).flatten(2).transpose(1, 2)


class SkipAtRandom(nn.Module):
    def __init__(self, rate=0.0):
        super().__init__()
        self.rate = rate

    def forward(self, x):
        if self.rate == 0.0 or not self.training:
            return x
        kept = torch.rand(x.shape[0], *[1] * (x.ndim - 1)) >= self.rate
        return torch.where(kept, x / (1 - self.rate), torch.zeros(()))


class Attention(nn.Module):
    def __init__(self, dim, num_heads=6, qk_norm=True):
        super().__init__()
        self.num_heads = num_heads
        self.qkv = nn.Linear(dim, dim * 3, bias=False)
        norm = partial(nn.LayerNorm, dim // num_heads)
        self.q_norm = norm() if qk_norm else nn.Identity()
        self.k_norm = norm() if qk_norm else nn.Identity()
        self.proj = nn.Linear(dim, dim)

    def forward(self, x):
        qkv = rearrange(self.qkv(x), "b n (three h d) -> three b h n d", three=3, h=self.num_heads)
        q, k, v = qkv.unbind(0)
        q, k = self.q_norm(q), self.k_norm(k)
        x = F.scaled_dot_product_attention(q, k, v)
        return self.proj(rearrange(x, "b h n d -> b n (h d)"))


class LayerScale(nn.Module):
    def __init__(self, dim, start=1e-4):
        super().__init__()
        self.gamma = nn.Parameter(start * torch.ones(dim))

    def forward(self, x):
        return x * self.gamma


class Block(nn.Module):
    def __init__(self, dim, heads, ratio=2, skip=0.0):
        super().__init__()
        hidden = int(dim * ratio)
        self.attn = nn.Sequential(nn.LayerNorm(dim), Attention(dim, heads), LayerScale(dim))
        self.mlp = nn.Sequential(
            nn.LayerNorm(dim), nn.Linear(dim, hidden), nn.GELU(), nn.Linear(hidden, dim), LayerScale(dim)
        )
        self.skip = SkipAtRandom(skip)

    def forward(self, x):
        for part in (self.attn, self.mlp):
            x = x + self.skip(part(x))
        return x


class VisionTransformer(nn.Module):
    def __init__(self, image_size=(24, 32), patch_size=8, dim=30, depth=3, heads=6, registers=2, classes=11):
        super().__init__()
        self.patch_embed = PatchEmbed(image_size, patch_size, dim=dim)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, dim))
        self.registers = nn.Parameter(torch.randn(registers, dim))
        self.pos_embed = nn.Parameter(torch.randn(1, self.patch_embed.num_patches + 1, dim) * 0.02)
        rates = torch.linspace(0, 0.1, depth).tolist()
        self.blocks = nn.Sequential(*[Block(dim, heads, skip=r) for r in rates])
        self.norm = nn.LayerNorm(dim)
        self.head = nn.Linear(2 * dim, classes)

    def positions(self, height, width):
        """Stretch the learnt grid of positions to the image at hand."""
        if (height, width) == self.patch_embed.grid:
            return self.pos_embed
        first, grid = self.pos_embed[:, :1], self.pos_embed[:, 1:]
        rows, cols = self.patch_embed.grid
        grid = grid.reshape(1, rows, cols, -1).permute(0, 3, 1, 2)
        grid = F.interpolate(grid, size=(height, width), mode="bicubic", align_corners=False)
        return torch.cat([first, grid.flatten(2).mT], dim=1)

    def forward_features(self, images):
        batch, _, height, width = images.shape
        ph, pw = self.patch_embed.patch_size
        x = self.patch_embed(images)
        cls = self.cls_token.expand(batch, -1, -1)
        x = torch.cat((cls, x), dim=1) + self.positions(height // ph, width // pw)
        registers = repeat(self.registers, "r d -> b r d", b=batch)
        x = torch.cat([x[:, :1], registers, x[:, 1:]], dim=1)
        return self.norm(self.blocks(x))

    def forward(self, images):
        x = self.forward_features(images)
        special = 1 + self.registers.size(0)
        pooled = torch.cat([x[:, 0], x[:, special:].mean(dim=1)], dim=-1)
        return self.head(pooled)


if __name__ == "__main__":
    torch.manual_seed(0)
    model = VisionTransformer()
    for shape in [(2, 3, 24, 32), (1, 3, 40, 32)]:
        print(shape, "->", model(torch.rand(shape)).shape)
