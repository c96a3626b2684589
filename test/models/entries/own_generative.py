"""A VQ-VAE, a variational autoencoder, a diffusion schedule with its sampler, a small GAN step."""
# modules: own_generative

import itertools

import torch
import torch.nn.functional as F
from torch import nn
from torch.distributions import Normal, kl_divergence


class Quantizer(nn.Module):
    def __init__(self, n_codes, dim, decay=0.99, beta=0.25):
        super().__init__()
        embed = torch.randn(dim, n_codes)
        self.register_buffer("embed", embed)
        self.register_buffer("cluster_size", torch.zeros(n_codes))
        self.register_buffer("embed_avg", embed.clone())
        self.n_codes, self.dim, self.decay, self.beta = n_codes, dim, decay, beta

    def forward(self, z):
        z = z.permute(0, 2, 3, 1)
        flat = z.reshape(-1, self.dim)
        dist = flat.pow(2).sum(1, keepdim=True) - 2 * flat @ self.embed + self.embed.pow(2).sum(0, keepdim=True)
        _, ind = (-dist).max(1)
        onehot = F.one_hot(ind, self.n_codes).type(flat.dtype)
        ind = ind.view(*z.shape[:-1])
        quantized = F.embedding(ind, self.embed.transpose(0, 1))
        if self.training:
            self.cluster_size.data.mul_(self.decay).add_(onehot.sum(0), alpha=1 - self.decay)
            self.embed_avg.data.mul_(self.decay).add_(flat.t() @ onehot, alpha=1 - self.decay)
            n = self.cluster_size.sum()
            size = (self.cluster_size + 1e-5) / (n + self.n_codes * 1e-5) * n
            self.embed.data.copy_(self.embed_avg / size.unsqueeze(0))
        loss = self.beta * (quantized.detach() - z).pow(2).mean()
        quantized = z + (quantized - z).detach()
        perplexity = torch.exp(-(onehot.mean(0) * torch.log(onehot.mean(0) + 1e-10)).sum())
        return quantized.permute(0, 3, 1, 2).contiguous(), loss, ind, perplexity


class Residual(nn.Sequential):
    def __init__(self, c):
        super().__init__(nn.ReLU(), nn.Conv2d(c, c // 2, 3, padding=1), nn.ReLU(inplace=True), nn.Conv2d(c // 2, c, 1))

    def forward(self, x):
        return x + super().forward(x)


def encoder(c_in, c, c_out):
    return nn.Sequential(nn.Conv2d(c_in, c, 4, 2, 1), nn.ReLU(), nn.Conv2d(c, c, 4, 2, 1), *[Residual(c) for _ in range(2)], nn.Conv2d(c, c_out, 1))


def decoder(c_in, c, c_out):
    layers = [nn.Conv2d(c_in, c, 3, padding=1)]
    layers += [Residual(c)] * 2
    layers.extend([nn.ConvTranspose2d(c, c, 4, 2, 1), nn.ReLU(), nn.ConvTranspose2d(c, c_out, 4, 2, 1)])
    return nn.Sequential(*layers)


class VQVAE(nn.Module):
    def __init__(self, c=16, dim=8):
        super().__init__()
        self.enc, self.dec = encoder(3, c, dim), decoder(dim, c, 3)
        self.quantize = Quantizer(12, dim)

    def forward(self, x):
        z, diff, ids, perplexity = self.quantize(self.enc(x))
        return self.dec(z), diff, ids, perplexity


class VAE(nn.Module):
    def __init__(self, d_in=64, d_z=4):
        super().__init__()
        self.enc = nn.Sequential(nn.Flatten(), nn.Linear(d_in, 32), nn.Tanh())
        self.mu, self.logvar = nn.Linear(32, d_z), nn.Linear(32, d_z)
        self.dec = nn.Sequential(nn.Linear(d_z, 32), nn.Tanh(), nn.Linear(32, d_in), nn.Unflatten(1, (1, 8, 8)))

    def reparameterize(self, mu, logvar):
        std = torch.exp(0.5 * logvar)
        eps = torch.randn_like(std)
        return mu + eps * std

    def forward(self, x):
        h = self.enc(x)
        mu, logvar = self.mu(h), self.logvar(h)
        z = self.reparameterize(mu, logvar)
        posterior = Normal(mu, (0.5 * logvar).exp())
        kl = kl_divergence(posterior, Normal(torch.zeros_like(mu), torch.ones_like(mu))).sum(-1)
        recon = torch.sigmoid(self.dec(z))
        bce = F.binary_cross_entropy(recon, x, reduction="none").flatten(1).sum(1)
        return recon, (bce + kl).mean()


def extract(a, t, x_shape):
    b, *_ = t.shape
    out = a.gather(-1, t)
    return out.reshape(b, *((1,) * (len(x_shape) - 1)))


class Diffusion(nn.Module):
    def __init__(self, net, timesteps=20):
        super().__init__()
        self.net, self.timesteps = net, timesteps
        betas = self.cosine(timesteps)
        alphas = 1.0 - betas
        alphas_cumprod = torch.cumprod(alphas, dim=0)
        prev = F.pad(alphas_cumprod[:-1], (1, 0), value=1.0)
        register = lambda name, value: self.register_buffer(name, value.to(torch.float32))  # noqa: E731
        register("betas", betas)
        register("sqrt_ac", alphas_cumprod.sqrt())
        register("sqrt_1mac", torch.sqrt(1 - alphas_cumprod))
        register("recip", torch.sqrt(1.0 / alphas))
        register("variance", betas * (1.0 - prev) / (1.0 - alphas_cumprod))

    @staticmethod
    def cosine(n, s=0.008):
        x = torch.linspace(0, n, n + 1, dtype=torch.float64)
        ac = torch.cos(((x / n) + s) / (1 + s) * torch.pi * 0.5) ** 2
        ac = ac / ac[0]
        return torch.clip(1 - (ac[1:] / ac[:-1]), 0, 0.999)

    def q_sample(self, x0, t, noise=None):
        noise = torch.randn_like(x0) if noise is None else noise
        return extract(self.sqrt_ac, t, x0.shape) * x0 + extract(self.sqrt_1mac, t, x0.shape) * noise

    @torch.no_grad()
    def p_sample(self, x, i):
        t = torch.full((x.shape[0],), i, dtype=torch.long)
        mean = extract(self.recip, t, x.shape) * (x - extract(self.betas, t, x.shape) * self.net(x, t) / extract(self.sqrt_1mac, t, x.shape))
        noise = torch.randn_like(x) if i > 0 else 0.0
        return mean + extract(self.variance, t, x.shape).sqrt() * noise

    @torch.no_grad()
    def sample(self, shape):
        x = torch.randn(shape)
        for i in reversed(range(0, self.timesteps)):
            x = self.p_sample(x, i)
        return x.clamp_(-1, 1)

    def forward(self, x):
        t = torch.randint(0, self.timesteps, (x.size(0),)).long()
        noise = torch.randn_like(x)
        return F.smooth_l1_loss(self.net(self.q_sample(x, t, noise), t), noise)


class TinyUNet(nn.Module):
    def __init__(self, c=8):
        super().__init__()
        self.time = nn.Sequential(nn.Linear(16, c), nn.SiLU(), nn.Linear(c, 2 * c))
        self.inp = nn.Conv2d(3, c, 3, padding=1)
        self.down = nn.Conv2d(c, 2 * c, 3, stride=2, padding=1)
        self.mid = nn.GroupNorm(4, 2 * c)
        self.up = nn.ConvTranspose2d(2 * c, c, 2, stride=2)
        self.out = nn.Conv2d(2 * c, 3, 1)

    def embed(self, t, dim=16):
        freqs = torch.exp(-torch.arange(dim // 2) * torch.log(torch.tensor(1e4)) / (dim // 2 - 1))
        args = t[:, None].float() * freqs[None]
        return torch.cat((args.sin(), args.cos()), dim=-1)

    def forward(self, x, t):
        h = self.inp(x)
        scale = self.time(self.embed(t))[..., None, None]
        mid = F.silu(self.mid(self.down(h)) + scale)
        return self.out(torch.cat([self.up(mid), h], dim=1))


images = torch.rand(2, 3, 16, 16)
vq = VQVAE()
recon, diff, ids, perplexity = vq(images)
F.mse_loss(recon, images).add(diff).backward()
digits = torch.rand(4, 1, 8, 8)
vae = VAE()
optimizer = torch.optim.Adam(itertools.chain(vae.parameters(), vq.parameters()), lr=1e-3)
out, elbo = vae(digits)
elbo.backward()
optimizer.step()
diffusion = Diffusion(TinyUNet())
loss = diffusion(images)
samples = diffusion.sample((2, 3, 16, 16))

G = nn.Sequential(nn.Linear(6, 32), nn.LeakyReLU(0.2), nn.Linear(32, 64))
D = nn.Sequential(nn.Linear(64, 32), nn.LeakyReLU(0.2), nn.utils.spectral_norm(nn.Linear(32, 1)))
real = digits.flatten(1)
fake = G(torch.randn(4, 6))
d_loss = F.relu(1 - D(real)).mean() + F.relu(1 + D(fake.detach())).mean()
mix = torch.rand(4, 1)
between = (mix * real + (1 - mix) * fake.detach()).requires_grad_(True)
(grad,) = torch.autograd.grad(D(between).sum(), between, create_graph=True)
penalty = ((grad.norm(2, dim=1) - 1) ** 2).mean()
(d_loss + 10 * penalty).backward()
print(recon.shape, ids.shape, out.shape, samples.shape, penalty)
