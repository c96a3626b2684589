"""A diffusion model as people write it: a UNet with attention, cosine schedules, DDIM and classifier-free guidance, patches, EMA."""
# modules: own_diffusion

import copy
import math
from functools import partial
from typing import Sequence

import torch
import torch.nn as nn
import torch.nn.functional as F
from einops import rearrange, repeat
from einops.layers.torch import Rearrange
from torchvision import transforms
from torchvision.utils import make_grid


def exists(x):
    return x is not None


def extract(a, t, x_shape):
    b, *_ = t.shape
    return a.gather(-1, t).reshape(b, *((1,) * (len(x_shape) - 1)))


def cosine_beta_schedule(timesteps, s=0.008):
    x = torch.linspace(0, timesteps, timesteps + 1, dtype=torch.float64)
    alphas_cumprod = torch.cos(((x / timesteps) + s) / (1 + s) * math.pi * 0.5) ** 2
    alphas_cumprod = alphas_cumprod / alphas_cumprod[0]
    return torch.clip(1 - (alphas_cumprod[1:] / alphas_cumprod[:-1]), 0, 0.999)


class SinusoidalPosEmb(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.dim = dim

    def forward(self, t):
        half = self.dim // 2
        emb = torch.exp(torch.arange(half, device=t.device) * -(math.log(10000) / (half - 1)))
        emb = t[:, None] * emb[None, :]
        return torch.cat((emb.sin(), emb.cos()), dim=-1)


class Block(nn.Module):
    def __init__(self, dim, dim_out, groups=4):
        super().__init__()
        self.proj = nn.Conv2d(dim, dim_out, 3, padding=1)
        self.norm = nn.GroupNorm(groups, dim_out)

    def forward(self, x, scale_shift=None):
        x = self.norm(self.proj(x))
        if exists(scale_shift):
            scale, shift = scale_shift
            x = x * (scale + 1) + shift
        return F.silu(x)


class ResnetBlock(nn.Module):
    def __init__(self, dim, dim_out, *, cond_dim=None):
        super().__init__()
        self.mlp = nn.Sequential(nn.SiLU(), nn.Linear(cond_dim, dim_out * 2)) if exists(cond_dim) else None
        self.block1, self.block2 = Block(dim, dim_out), Block(dim_out, dim_out)
        self.res = nn.Conv2d(dim, dim_out, 1) if dim != dim_out else nn.Identity()

    def forward(self, x, cond=None):
        scale_shift = None
        if exists(self.mlp) and exists(cond):
            scale_shift = rearrange(self.mlp(cond), "b c -> b c 1 1").chunk(2, dim=1)
        return self.block2(self.block1(x, scale_shift)) + self.res(x)


class LinearAttention(nn.Module):
    def __init__(self, dim, heads=2, dim_head=8):
        super().__init__()
        self.scale, self.heads = dim_head**-0.5, heads
        self.norm = nn.GroupNorm(1, dim)
        self.to_qkv = nn.Conv2d(dim, heads * dim_head * 3, 1, bias=False)
        self.to_out = nn.Sequential(nn.Conv2d(heads * dim_head, dim, 1), nn.GroupNorm(1, dim))

    def forward(self, x):
        b, c, h, w = x.shape
        q, k, v = map(lambda t: rearrange(t, "b (h c) x y -> b h c (x y)", h=self.heads), self.to_qkv(self.norm(x)).chunk(3, dim=1))
        q, k = q.softmax(dim=-2) * self.scale, k.softmax(dim=-1)
        context = torch.einsum("b h d n, b h e n -> b h d e", k, v)
        out = torch.einsum("b h d e, b h d n -> b h e n", context, q)
        return self.to_out(rearrange(out, "b h c (x y) -> b (h c) x y", h=self.heads, x=h, y=w)) + x


class FullAttention(LinearAttention):
    def forward(self, x):
        b, c, h, w = x.shape
        q, k, v = (rearrange(t, "b (h c) x y -> b h (x y) c", h=self.heads) for t in self.to_qkv(self.norm(x)).chunk(3, dim=1))
        out = F.scaled_dot_product_attention(q, k, v)
        return self.to_out(rearrange(out, "b h (x y) d -> b (h d) x y", x=h, y=w)) + x


def Downsample(dim, dim_out):
    return nn.Sequential(Rearrange("b c (h p1) (w p2) -> b (c p1 p2) h w", p1=2, p2=2), nn.Conv2d(dim * 4, dim_out, 1))


def Upsample(dim, dim_out):
    return nn.Sequential(nn.Upsample(scale_factor=2, mode="nearest"), nn.Conv2d(dim, dim_out, 3, padding=1))


class Unet(nn.Module):
    def __init__(self, dim=8, mults: Sequence[int] = (1, 2, 4), channels=3, classes=5, self_condition=True):
        super().__init__()
        self.channels, self.self_condition = channels, self_condition
        self.init_conv = nn.Conv2d(channels * (2 if self_condition else 1), dim, 7, padding=3)
        dims = [dim, *map(lambda m: dim * m, mults)]
        in_out = list(zip(dims[:-1], dims[1:]))
        time_dim = dim * 4
        self.time_mlp = nn.Sequential(SinusoidalPosEmb(dim), nn.Linear(dim, time_dim), nn.GELU(), nn.Linear(time_dim, time_dim))
        self.class_emb = nn.Embedding(classes, time_dim)
        self.null = nn.Parameter(torch.randn(time_dim))
        resnet = partial(ResnetBlock, cond_dim=time_dim)
        self.downs, self.ups = nn.ModuleList([]), nn.ModuleList([])
        for ind, (dim_in, dim_out) in enumerate(in_out):
            last = ind >= len(in_out) - 1
            attn = FullAttention if last else LinearAttention
            self.downs.append(
                nn.ModuleList(
                    [resnet(dim_in, dim_in), resnet(dim_in, dim_in), attn(dim_in), Downsample(dim_in, dim_out) if not last else nn.Conv2d(dim_in, dim_out, 3, padding=1)]
                )
            )
        mid = dims[-1]
        self.mid1, self.mid_attn, self.mid2 = resnet(mid, mid), FullAttention(mid), resnet(mid, mid)
        for ind, (dim_in, dim_out) in enumerate(reversed(in_out)):
            last = ind == len(in_out) - 1
            self.ups.append(
                nn.ModuleList(
                    [
                        resnet(dim_out + dim_in, dim_out), resnet(dim_out + dim_in, dim_out), LinearAttention(dim_out),
                        Upsample(dim_out, dim_in) if not last else nn.Conv2d(dim_out, dim_in, 3, padding=1),
                    ]
                )
            )
        self.final_res = resnet(dim * 2, dim)
        self.final_conv = nn.Conv2d(dim, channels, 1)

    def forward(self, x, time, classes, x_self_cond=None, drop=0.1):
        assert all(d % 4 == 0 for d in x.shape[-2:])
        if self.self_condition:
            x = torch.cat((x_self_cond if exists(x_self_cond) else torch.zeros_like(x), x), dim=1)
        b = x.shape[0]
        keep = torch.zeros((b,)).float().uniform_(0, 1) > drop
        labels = torch.where(rearrange(keep, "b -> b 1"), self.class_emb(classes), repeat(self.null, "d -> b d", b=b))
        x = self.init_conv(x)
        r = x.clone()
        t = self.time_mlp(time) + labels
        h = []
        for block1, block2, attn, down in self.downs:
            x = block1(x, t)
            h.append(x)
            x = attn(block2(x, t))
            h.append(x)
            x = down(x)
        x = self.mid2(self.mid_attn(self.mid1(x, t)), t)
        for block1, block2, attn, up in self.ups:
            x = block1(torch.cat((x, h.pop()), dim=1), t)
            x = attn(block2(torch.cat((x, h.pop()), dim=1), t))
            x = up(x)
        return self.final_conv(self.final_res(torch.cat((x, r), dim=1), t))


class Diffusion(nn.Module):
    def __init__(self, model, image_size=16, timesteps=20, sampling=4):
        super().__init__()
        self.model, self.image_size, self.sampling = model, image_size, sampling
        betas = cosine_beta_schedule(timesteps)
        alphas = 1.0 - betas
        alphas_cumprod = torch.cumprod(alphas, dim=0)
        prev = F.pad(alphas_cumprod[:-1], (1, 0), value=1.0)
        self.timesteps = int(betas.shape[0])
        register = lambda name, val: self.register_buffer(name, val.to(torch.float32))
        register("alphas_cumprod", alphas_cumprod)
        register("posterior_variance", betas * (1.0 - prev) / (1.0 - alphas_cumprod))
        snr = alphas_cumprod / (1 - alphas_cumprod)
        register("loss_weight", snr.clone().clamp_(max=5) / snr)

    def q_sample(self, x0, t, noise):
        return extract(self.alphas_cumprod.sqrt(), t, x0.shape) * x0 + extract((1 - self.alphas_cumprod).sqrt(), t, x0.shape) * noise

    def forward(self, img, classes):
        b, c, h, w = img.shape
        t = torch.randint(0, self.timesteps, (b,)).long()
        noise = torch.randn_like(img)
        x = self.q_sample(img * 2 - 1, t, noise)
        cond = None
        if torch.rand(()) < 0.5:
            with torch.no_grad():
                cond = self.model(x, t, classes).detach_()
        out = self.model(x, t, classes, cond)
        loss = F.mse_loss(out, noise, reduction="none")
        return (loss.flatten(1).mean(1) * extract(self.loss_weight, t, (b,))).mean()

    @torch.inference_mode()
    def sample(self, classes, scale=3.0, eta=0.0):
        shape = (classes.shape[0], self.model.channels, self.image_size, self.image_size)
        times = torch.linspace(-1, self.timesteps - 1, steps=self.sampling + 1)
        times = list(reversed(times.int().tolist()))
        img = torch.randn(shape)
        x_start = None
        for time, time_next in zip(times[:-1], times[1:]):
            t = torch.full((shape[0],), time, dtype=torch.long)
            cond, null = self.model(img, t, classes, x_start, drop=0.0), self.model(img, t, classes, x_start, drop=1.0)
            noise = null + (cond - null) * scale
            alpha = self.alphas_cumprod[time]
            x_start = ((img - (1 - alpha).sqrt() * noise) / alpha.sqrt()).clamp(-1.0, 1.0)
            if time_next < 0:
                img = x_start
                continue
            alpha_next = self.alphas_cumprod[time_next]
            sigma = eta * ((1 - alpha / alpha_next) * (1 - alpha_next) / (1 - alpha)).sqrt()
            img = x_start * alpha_next.sqrt() + (1 - alpha_next - sigma**2).sqrt() * noise + sigma * torch.randn_like(img)
        return (img + 1) * 0.5


torch.manual_seed(0)
transform = transforms.Compose([transforms.Resize(20), transforms.CenterCrop(16), transforms.RandomHorizontalFlip()])
images = torch.stack([transform(image) for image in torch.rand(4, 3, 24, 32)])
diffusion = Diffusion(Unet())
average = copy.deepcopy(diffusion)
optimizer = torch.optim.Adam(diffusion.parameters(), lr=1e-3, betas=(0.9, 0.99))
for step in range(6):
    loss = diffusion(images, torch.randint(0, 5, (4,)))
    loss.backward()
    torch.nn.utils.clip_grad_norm_(diffusion.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
    for ema, now in zip(average.parameters(), diffusion.parameters()):
        ema.data.lerp_(now.data, 0.05)
samples = average.sample(torch.arange(3))
print(loss, samples.shape, make_grid(samples, nrow=2).shape)
