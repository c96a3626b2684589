"""A vision transformer from a dict of settings: registers, layers scaled and dropped, tokens merged, images mixed, averages of weights."""
# modules: own_patches

import argparse
import math
from copy import deepcopy
from functools import partial
from itertools import repeat
from collections.abc import Iterable

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.amp import GradScaler, autocast
from torch.utils.data import DataLoader, Dataset

CONFIGS = {
    "nano": dict(image=16, patch=4, width=24, depth=2, heads=3),
    "mini": dict(image=(16, 24), patch=(4, 8), width=32, depth=3, heads=4, pool="map", registers=2, merge=2),
}
CONFIGS["nano_gap"] = {**CONFIGS["nano"], "pool": "gap", "registers": 1, "qk_norm": True}


def to_2tuple(x):
    if isinstance(x, Iterable) and not isinstance(x, str):
        return tuple(x)
    return tuple(repeat(x, 2))


def drop_path(x, drop_prob: float = 0.0, training: bool = False, scale_by_keep: bool = True):
    if drop_prob == 0.0 or not training:
        return x
    keep_prob = 1 - drop_prob
    shape = (x.shape[0],) + (1,) * (x.ndim - 1)
    random_tensor = x.new_empty(shape).bernoulli_(keep_prob)
    if keep_prob > 0.0 and scale_by_keep:
        random_tensor.div_(keep_prob)
    return x * random_tensor


class DropPath(nn.Module):
    def __init__(self, drop_prob=0.0):
        super().__init__()
        self.drop_prob = drop_prob

    def forward(self, x):
        return drop_path(x, self.drop_prob, self.training)

    def extra_repr(self):
        return f"drop_prob={round(self.drop_prob, 3):0.3f}"


class LayerScale(nn.Module):
    def __init__(self, dim, init=1e-2, inplace=False):
        super().__init__()
        self.inplace = inplace
        self.gamma = nn.Parameter(init * torch.ones(dim))

    def forward(self, x):
        return x.mul_(self.gamma) if self.inplace else x * self.gamma


class Attention(nn.Module):
    def __init__(self, dim, heads, qk_norm=False):
        super().__init__()
        assert dim % heads == 0
        self.num_heads, self.head_dim = heads, dim // heads
        self.qkv = nn.Linear(dim, dim * 3)
        norm = partial(nn.LayerNorm, self.head_dim) if qk_norm else nn.Identity
        self.q_norm, self.k_norm = norm(), norm()
        self.proj = nn.Linear(dim, dim)

    def forward(self, x, size=None):
        B, N, C = x.shape
        qkv = self.qkv(x).reshape(B, N, 3, self.num_heads, self.head_dim).permute(2, 0, 3, 1, 4)
        q, k, v = qkv.unbind(0)
        q, k = self.q_norm(q), self.k_norm(k)
        attn = (q * self.head_dim**-0.5) @ k.transpose(-2, -1)
        if size is not None:
            attn = attn + size.log()[:, None, None, :, 0]
        attn = attn.softmax(dim=-1)
        x = (attn @ v).transpose(1, 2).reshape(B, N, C)
        return self.proj(x), k.mean(1)


def bipartite(metric, r, protected):
    """Pairs each second token with its likest neighbour, and gives a function that merges the r likest pairs."""
    t = metric.shape[1]
    r = min(r, (t - protected) // 2)
    with torch.no_grad():
        metric = metric / metric.norm(dim=-1, keepdim=True)
        a, b = metric[..., ::2, :], metric[..., 1::2, :]
        scores = a @ b.transpose(-1, -2)
        scores[..., :protected, :] = -math.inf
        node_max, node_idx = scores.max(dim=-1)
        edge_idx = node_max.argsort(dim=-1, descending=True)[..., None]
        unm_idx, src_idx = edge_idx[..., r:, :], edge_idx[..., :r, :]
        dst_idx = node_idx[..., None].gather(dim=-2, index=src_idx)
        unm_idx = unm_idx.sort(dim=1)[0]

    def merge(x, mode="mean"):
        src, dst = x[..., ::2, :], x[..., 1::2, :]
        n, t1, c = src.shape
        unm = src.gather(dim=-2, index=unm_idx.expand(n, t1 - r, c))
        src = src.gather(dim=-2, index=src_idx.expand(n, r, c))
        dst = dst.scatter_reduce(-2, dst_idx.expand(n, r, c), src, reduce=mode)
        return torch.cat([unm, dst], dim=1)

    return merge


class Block(nn.Module):
    def __init__(self, dim, heads, mlp_ratio=4.0, drop=0.0, qk_norm=False, merge=0, protected=1):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(dim, eps=1e-6), nn.LayerNorm(dim, eps=1e-6)
        self.attn = Attention(dim, heads, qk_norm)
        self.ls1, self.ls2 = LayerScale(dim), LayerScale(dim)
        self.drop_path = DropPath(drop) if drop > 0 else nn.Identity()
        self.mlp = nn.Sequential(nn.Linear(dim, int(dim * mlp_ratio)), nn.GELU(approximate="tanh"), nn.Linear(int(dim * mlp_ratio), dim))
        self.merge, self.protected = merge, protected

    def forward(self, x, size=None):
        y, metric = self.attn(self.norm1(x), size)
        x = x + self.drop_path(self.ls1(y))
        if self.merge:
            merge = bipartite(metric, self.merge, self.protected)
            size = torch.ones_like(x[..., 0, None]) if size is None else size
            x = merge(x * size, mode="sum")
            size = merge(size, mode="sum")
            x = x / size
        return x + self.drop_path(self.ls2(self.mlp(self.norm2(x)))), size


class MapPool(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.probe = nn.Parameter(torch.zeros(1, 1, dim))
        self.kv = nn.Linear(dim, 2 * dim)
        self.heads = heads

    def forward(self, x):
        split = lambda t: t.unflatten(-1, (self.heads, -1)).transpose(1, 2)  # noqa: E731
        k, v = map(split, self.kv(x).chunk(2, -1))
        q = split(self.probe).expand(x.size(0), -1, -1, -1)
        return F.scaled_dot_product_attention(q, k, v).flatten(1)


class ViT(nn.Module):
    def __init__(self, image=16, patch=4, width=24, depth=2, heads=3, classes=5, pool="cls", registers=0, merge=0, drop_path_rate=0.1, **block):
        super().__init__()
        image, patch = to_2tuple(image), to_2tuple(patch)
        self.grid = tuple(i // p for i, p in zip(image, patch))
        self.pool, self.prefix = pool, registers + (pool == "cls")
        self.patch_embed = nn.Conv2d(3, width, kernel_size=patch, stride=patch)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width)) if pool == "cls" else None
        self.reg_token = nn.Parameter(torch.zeros(1, registers, width)) if registers else None
        self.pos_embed = nn.Parameter(torch.randn(1, math.prod(self.grid), width) * 0.02)
        rates = [x.item() for x in torch.linspace(0, drop_path_rate, depth)]
        self.blocks = nn.ModuleList([Block(width, heads, drop=rates[i], merge=merge, protected=self.prefix, **block) for i in range(depth)])
        self.norm = nn.LayerNorm(width)
        self.map_pool = MapPool(width, heads) if pool == "map" else None
        self.head = nn.Linear(width, classes)
        self.apply(self._init)

    @staticmethod
    def _init(m):
        if isinstance(m, (nn.Linear, nn.Conv2d)):
            nn.init.trunc_normal_(m.weight, std=0.02)
            if m.bias is not None:
                nn.init.zeros_(m.bias)

    def positions(self, h, w):
        if (h, w) == self.grid:
            return self.pos_embed
        table = self.pos_embed.reshape(1, *self.grid, -1).permute(0, 3, 1, 2)
        table = F.interpolate(table, size=(h, w), mode="bicubic", antialias=True)
        return table.flatten(2).mT

    def forward_features(self, x):
        x = self.patch_embed(x)
        h, w = x.shape[-2:]
        x = x.flatten(2).transpose(1, 2) + self.positions(h, w)
        prefix = [t.expand(x.shape[0], -1, -1) for t in (self.cls_token, self.reg_token) if t is not None]
        x = torch.cat(prefix + [x], dim=1)
        size = None
        for block in self.blocks:
            x, size = block(x, size)
        return self.norm(x)

    def forward_head(self, x, pre_logits=False):
        if self.pool == "map":
            x = self.map_pool(x)
        else:
            x = x[:, self.prefix :].mean(dim=1) if self.pool == "gap" else x[:, 0]
        return x if pre_logits else self.head(x)

    def forward(self, x):
        return self.forward_head(self.forward_features(x))


class Stripes(Dataset):
    def __init__(self, n, image, classes=5):
        self.n, (self.h, self.w), self.classes = n, to_2tuple(image), classes

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        label = i % self.classes
        yy, xx = torch.meshgrid(torch.arange(self.h), torch.arange(self.w), indexing="ij")
        wave = torch.sin((yy if i % 2 else xx) * (label + 1) / 4.0)
        return wave.expand(3, -1, -1) + 0.1 * torch.randn(3, self.h, self.w), label


class Mix:
    def __init__(self, classes, alpha=0.8, cut=True, smoothing=0.1):
        self.classes, self.smoothing, self.cut = classes, smoothing, cut
        self.beta = torch.distributions.Beta(alpha, alpha)

    def one_hot(self, y):
        off = self.smoothing / self.classes
        return torch.full((y.size(0), self.classes), off).scatter_(1, y.view(-1, 1), 1 - self.smoothing + off)

    def __call__(self, x, y):
        lam = self.beta.sample().item()
        if self.cut:
            H, W = x.shape[-2:]
            h, w = int(H * math.sqrt(1 - lam)), int(W * math.sqrt(1 - lam))
            top, left = torch.randint(H - h + 1, ()).item(), torch.randint(W - w + 1, ()).item()
            x[:, :, top : top + h, left : left + w] = x.flip(0)[:, :, top : top + h, left : left + w]
            lam = 1 - h * w / (H * W)
        else:
            x = lam * x + (1 - lam) * x.flip(0)
        target = self.one_hot(y)
        return x, target * lam + target.flip(0) * (1 - lam)


class EMA(nn.Module):
    def __init__(self, model, decay=0.9):
        super().__init__()
        self.module = deepcopy(model).eval()
        self.decay = decay

    @torch.no_grad()
    def update(self, model):
        for e, m in zip(self.module.state_dict().values(), model.state_dict().values()):
            e.copy_(self.decay * e + (1.0 - self.decay) * m)


def param_groups(model, decay, layer_decay, depth):
    groups = {}
    for name, p in model.named_parameters():
        layer = int(name.split(".")[1]) + 1 if name.startswith("blocks") else (depth + 1 if name.startswith(("head", "norm")) else 0)
        no_decay = p.ndim <= 1 or name.endswith("token")
        group = groups.setdefault(f"layer_{layer}_{'no_' * no_decay}decay", {"params": [], "weight_decay": 0.0 if no_decay else decay, "lr_scale": layer_decay ** (depth + 1 - layer)})
        group["params"].append(p)
    return list(groups.values())


def main(argv=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", choices=sorted(CONFIGS), default="nano")
    parser.add_argument("--batch-size", type=int, default=4)
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--no-cut", dest="cut", action="store_false")
    args = parser.parse_args(argv)
    cfg = CONFIGS[args.config]
    torch.manual_seed(0)
    model = ViT(**cfg)
    ema, mix = EMA(model), Mix(5, cut=args.cut)
    optimizer = torch.optim.AdamW(param_groups(model, 0.05, 0.75, cfg["depth"]), lr=args.lr)
    scaler = GradScaler("cpu", enabled=False)
    loader = DataLoader(Stripes(12, cfg["image"]), batch_size=args.batch_size, shuffle=True)
    total = 2 * len(loader)
    for step in range(total):
        if step % len(loader) == 0:
            batches = iter(loader)
        images, labels = next(batches)
        for group in optimizer.param_groups:
            group["lr"] = args.lr * group["lr_scale"] * 0.5 * (1 + math.cos(math.pi * step / total))
        images, soft = mix(images, labels)
        with autocast("cpu", dtype=torch.bfloat16):
            logits = model(images)
            loss = torch.sum(-soft * F.log_softmax(logits.float(), dim=-1), dim=-1).mean()
        optimizer.zero_grad()
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        norm = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()
        ema.update(model)
    with torch.inference_mode():
        h, w = to_2tuple(cfg["image"])
        probe = torch.randn(2, 3, 2 * h, 2 * w)
        features = ema.module.forward_features(probe)
        pooled = ema.module.forward_head(features, pre_logits=True)
    print(args.config, tuple(features.shape), tuple(pooled.shape), norm.item() > 0)


if __name__ == "__main__":
    for options in ([], ["--config", "mini", "--no-cut"], ["--config=nano_gap", "--lr", "3e-4", "--batch-size", "6"]):
        main(options)
