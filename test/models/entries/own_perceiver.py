"""A Perceiver with Fourier features, slot attention, a set transformer and a U-shaped transformer, heavy in einops."""
# modules: own_perceiver

from functools import partial, wraps
from math import log2, pi

import torch
import torch.nn.functional as F
from einops import pack, rearrange, reduce, repeat, unpack
from einops.layers.torch import EinMix, Rearrange, Reduce
from torch import einsum, nn


def exists(val):
    return val is not None


def default(val, d):
    return val if exists(val) else d


def cache_fn(f):
    cache = dict()

    @wraps(f)
    def cached_fn(*args, _cache=True, key=None, **kwargs):
        if not _cache:
            return f(*args, **kwargs)
        nonlocal cache
        if key in cache:
            return cache[key]
        result = f(*args, **kwargs)
        cache[key] = result
        return result

    return cached_fn


def fourier_encode(x, max_freq, num_bands=4):
    x = x.unsqueeze(-1)
    device, dtype, orig_x = x.device, x.dtype, x
    scales = torch.linspace(1.0, max_freq / 2, num_bands, device=device, dtype=dtype)
    scales = scales[(*((None,) * (len(x.shape) - 1)), Ellipsis)]
    x = x * scales * pi
    x = torch.cat([x.sin(), x.cos()], dim=-1)
    return torch.cat((x, orig_x), dim=-1)


class PreNorm(nn.Module):
    def __init__(self, dim, fn, context_dim=None):
        super().__init__()
        self.fn = fn
        self.norm = nn.LayerNorm(dim)
        self.norm_context = nn.LayerNorm(context_dim) if exists(context_dim) else None

    def forward(self, x, **kwargs):
        x = self.norm(x)
        if exists(self.norm_context):
            context = kwargs["context"]
            kwargs.update(context=self.norm_context(context))
        return self.fn(x, **kwargs)


class GEGLU(nn.Module):
    def forward(self, x):
        x, gates = x.chunk(2, dim=-1)
        return x * F.gelu(gates)


def FeedForward(dim, mult=2, dropout=0.0):
    return nn.Sequential(nn.Linear(dim, dim * mult * 2), GEGLU(), nn.Linear(dim * mult, dim), nn.Dropout(dropout))


class Attention(nn.Module):
    def __init__(self, query_dim, context_dim=None, heads=2, dim_head=8):
        super().__init__()
        inner_dim = dim_head * heads
        context_dim = default(context_dim, query_dim)
        self.scale, self.heads = dim_head**-0.5, heads
        self.to_q = nn.Linear(query_dim, inner_dim, bias=False)
        self.to_kv = nn.Linear(context_dim, inner_dim * 2, bias=False)
        self.to_out = nn.Linear(inner_dim, query_dim)

    def forward(self, x, context=None, mask=None):
        h = self.heads
        q = self.to_q(x)
        context = default(context, x)
        k, v = self.to_kv(context).chunk(2, dim=-1)
        q, k, v = map(lambda t: rearrange(t, "b n (h d) -> (b h) n d", h=h), (q, k, v))
        sim = einsum("b i d, b j d -> b i j", q, k) * self.scale
        if exists(mask):
            mask = rearrange(mask, "b ... -> b (...)")
            mask = repeat(mask, "b j -> (b h) () j", h=h)
            sim.masked_fill_(~mask, -torch.finfo(sim.dtype).max)
        out = einsum("b i j, b j d -> b i d", sim.softmax(dim=-1), v)
        return self.to_out(rearrange(out, "(b h) n d -> b n (h d)", h=h))


class Perceiver(nn.Module):
    def __init__(self, *, num_freq_bands=3, depth=2, max_freq=6.0, input_channels=3, input_axis=2, num_latents=5, latent_dim=16, classes=4, tie=True):
        super().__init__()
        self.input_axis, self.max_freq, self.bands = input_axis, max_freq, num_freq_bands
        input_dim = input_axis * ((num_freq_bands * 2) + 1) + input_channels
        self.latents = nn.Parameter(torch.randn(num_latents, latent_dim))
        get_cross_attn = lambda: PreNorm(latent_dim, Attention(latent_dim, input_dim, heads=1), context_dim=input_dim)  # noqa: E731
        get_cross_ff = lambda: PreNorm(latent_dim, FeedForward(latent_dim))  # noqa: E731
        get_latent_attn = lambda: PreNorm(latent_dim, Attention(latent_dim))  # noqa: E731
        get_latent_ff = lambda: PreNorm(latent_dim, FeedForward(latent_dim))  # noqa: E731
        get_cross_attn, get_cross_ff, get_latent_attn, get_latent_ff = map(cache_fn, (get_cross_attn, get_cross_ff, get_latent_attn, get_latent_ff))
        self.layers = nn.ModuleList([])
        for i in range(depth):
            cache_args = {"_cache": i > 0 and tie}
            self_attns = nn.ModuleList([])
            for block in range(2):
                self_attns.append(nn.ModuleList([get_latent_attn(**cache_args, key=block), get_latent_ff(**cache_args, key=block)]))
            self.layers.append(nn.ModuleList([get_cross_attn(**cache_args), get_cross_ff(**cache_args), self_attns]))
        self.to_logits = nn.Sequential(Reduce("b n d -> b d", "mean"), nn.LayerNorm(latent_dim), nn.Linear(latent_dim, classes))

    def forward(self, data, mask=None):
        b, *axis, _ = data.shape
        assert len(axis) == self.input_axis, "input data must have the right number of axis"
        axis_pos = list(map(lambda size: torch.linspace(-1.0, 1.0, steps=size), axis))
        pos = torch.stack(torch.meshgrid(*axis_pos, indexing="ij"), dim=-1)
        enc_pos = fourier_encode(pos, self.max_freq, self.bands)
        enc_pos = rearrange(enc_pos, "... n d -> ... (n d)")
        enc_pos = repeat(enc_pos, "... -> b ...", b=b)
        data = torch.cat((data, enc_pos), dim=-1)
        data = rearrange(data, "b ... d -> b (...) d")
        x = repeat(self.latents, "n d -> b n d", b=b)
        for cross_attn, cross_ff, self_attns in self.layers:
            x = cross_attn(x, context=data, mask=mask) + x
            x = cross_ff(x) + x
            for self_attn, self_ff in self_attns:
                x = self_attn(x) + x
                x = self_ff(x) + x
        return self.to_logits(x)


class SlotAttention(nn.Module):
    def __init__(self, num_slots, dim, iters=3, eps=1e-8):
        super().__init__()
        self.num_slots, self.iters, self.eps, self.scale = num_slots, iters, eps, dim**-0.5
        self.slots_mu = nn.Parameter(torch.randn(1, 1, dim))
        self.slots_logsigma = nn.Parameter(torch.zeros(1, 1, dim))
        self.to_q, self.to_k, self.to_v = (nn.Linear(dim, dim) for _ in range(3))
        self.gru = nn.GRUCell(dim, dim)
        self.norms = nn.ModuleDict({name: nn.LayerNorm(dim) for name in ("input", "slots", "ff")})
        self.mlp = nn.Sequential(nn.Linear(dim, 2 * dim), nn.ReLU(inplace=True), nn.Linear(2 * dim, dim))

    def forward(self, inputs, num_slots=None):
        b, n, d = inputs.shape
        n_s = num_slots if num_slots is not None else self.num_slots
        mu = self.slots_mu.expand(b, n_s, -1)
        sigma = self.slots_logsigma.exp().expand(b, n_s, -1)
        slots = mu + sigma * torch.randn(mu.shape)
        inputs = self.norms["input"](inputs)
        k, v = self.to_k(inputs), self.to_v(inputs)
        for _ in range(self.iters):
            slots_prev = slots
            q = self.to_q(self.norms["slots"](slots))
            dots = torch.einsum("bid,bjd->bij", q, k) * self.scale
            attn = dots.softmax(dim=1) + self.eps
            attn = attn / attn.sum(dim=-1, keepdim=True)
            updates = torch.einsum("bjd,bij->bid", v, attn)
            slots = self.gru(updates.reshape(-1, d), slots_prev.reshape(-1, d)).reshape(b, -1, d)
            slots = slots + self.mlp(self.norms["ff"](slots))
        return slots


class Mixer(nn.Module):
    def __init__(self, size=(4, 4), dim=12):
        super().__init__()
        h, w = size
        self.tokens = nn.Sequential(
            EinMix("b (h w) c -> b (h2 w2) c", weight_shape="h w h2 w2", bias_shape="h2 w2", h=h, w=w, h2=h, w2=w),
            nn.GELU(),
        )
        self.channels = EinMix("b n c -> b n c2", weight_shape="c c2", c=dim, c2=2 * dim)
        self.fold = Rearrange("b (h w) (two c) -> b two c h w", h=h, two=2)

    def forward(self, x):
        return self.fold(self.channels(x + self.tokens(x)))


def pool_with_prefix(x, registers):
    tokens, ps = pack([repeat(registers, "r d -> b r d", b=x.shape[0]), x], "b * d")
    tokens = tokens / tokens.norm(dim=-1, keepdim=True)
    regs, x = unpack(tokens, ps, "b * d")
    return reduce(x, "b (n two) d -> b n d", "max", two=2), regs


image = torch.randn(2, 6, 5, 3)
perceiver = Perceiver()
logits = perceiver(image, mask=torch.ones(2, 6, 5).bool())
slots = SlotAttention(3, 12)(torch.randn(2, 10, 12))
more = SlotAttention(3, 12)(torch.randn(2, 10, 12), num_slots=5)
maps = Mixer()(torch.randn(2, 16, 12))
pooled, regs = pool_with_prefix(torch.randn(2, 8, 12), torch.randn(4, 12))
block = partial(PreNorm, 12)(FeedForward(12))
print(logits.shape, slots.shape, more.shape, maps.shape, pooled.shape, regs.shape, block(pooled).shape)
