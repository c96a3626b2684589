"""A scene as a field: cameras and rays, encodings by waves and by hashed grids, volume rendering in two passes, an occupancy grid, chunks."""
# modules: own_rays

from dataclasses import dataclass, replace
from functools import reduce
from operator import mul
from typing import Callable, Dict, Generator, NamedTuple, Union

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn, Tensor


class Rays(NamedTuple):
    origins: Tensor
    directions: Tensor
    near: Tensor
    far: Tensor


def namedtuple_map(fn: Callable, tup):
    return type(tup)(*(None if x is None else fn(x) for x in tup))


@dataclass(frozen=True)
class Camera:
    height: int
    width: int
    focal: float
    pose: np.ndarray

    def scaled(self, factor: float) -> "Camera":
        return replace(self, height=int(self.height * factor), width=int(self.width * factor), focal=self.focal * factor)

    def rays(self) -> Rays:
        i, j = np.meshgrid(np.arange(self.width, dtype=np.float32), np.arange(self.height, dtype=np.float32), indexing="xy")
        dirs = np.stack([(i - self.width * 0.5) / self.focal, -(j - self.height * 0.5) / self.focal, -np.ones_like(i)], -1)
        rays_d = np.sum(dirs[..., np.newaxis, :] * self.pose[:3, :3], -1)
        rays_o = np.broadcast_to(self.pose[:3, -1], np.shape(rays_d))
        ones = np.ones_like(rays_o[..., :1])
        arrays = (rays_o, rays_d / np.linalg.norm(rays_d, axis=-1, keepdims=True), 2.0 * ones, 6.0 * ones)
        return Rays(*[torch.tensor(a, dtype=torch.float32) for a in arrays])


def pose_spherical(theta: float, phi: float, radius: float) -> np.ndarray:
    move = np.eye(4)
    move[2, 3] = radius
    c, s = np.cos(np.deg2rad(phi)), np.sin(np.deg2rad(phi))
    tilt = np.array([[1, 0, 0, 0], [0, c, -s, 0], [0, s, c, 0], [0, 0, 0, 1]])
    c, s = np.cos(np.deg2rad(theta)), np.sin(np.deg2rad(theta))
    turn = np.array([[c, 0, -s, 0], [0, 1, 0, 0], [s, 0, c, 0], [0, 0, 0, 1]])
    return reduce(np.matmul, [turn, tilt, move]).astype(np.float32)


class Embedder:
    """Waves of growing frequency, as closures."""

    def __init__(self, **kwargs):
        self.kwargs = kwargs
        self.embed_fns, d, out = [], kwargs["input_dims"], 0
        if kwargs["include_input"]:
            self.embed_fns.append(lambda x: x)
            out += d
        bands = 2.0 ** torch.linspace(0.0, kwargs["num_freqs"] - 1, steps=kwargs["num_freqs"])
        for freq in bands:
            for p_fn in kwargs["periodic_fns"]:
                self.embed_fns.append(lambda x, p_fn=p_fn, freq=freq: p_fn(x * freq))
                out += d
        self.out_dim = out

    def __call__(self, inputs):
        return torch.cat([fn(inputs) for fn in self.embed_fns], -1)


def get_embedder(multires):
    eo = Embedder(input_dims=3, include_input=True, num_freqs=multires, periodic_fns=[torch.sin, torch.cos])
    return (lambda x, eo=eo: eo(x)), eo.out_dim


class HashGrid(nn.Module):
    PRIMES = (1, 2_654_435_761, 805_459_861)

    def __init__(self, levels: int = 4, features: int = 2, log2_size: int = 8, coarsest: int = 4, finest: int = 32):
        super().__init__()
        growth = np.exp((np.log(finest) - np.log(coarsest)) / (levels - 1))
        self.resolutions = [int(np.floor(coarsest * growth**i)) for i in range(levels)]
        self.size = 1 << log2_size
        self.tables = nn.ParameterList([nn.Parameter(torch.empty(self.size, features).uniform_(-1e-4, 1e-4)) for _ in range(levels)])
        corners = torch.tensor([[i, j, k] for i in (0, 1) for j in (0, 1) for k in (0, 1)])
        self.register_buffer("corners", corners)

    @property
    def out_dim(self) -> int:
        return sum(t.shape[-1] for t in self.tables)

    def hash(self, cells: Tensor) -> Tensor:
        mixed = torch.zeros_like(cells[..., 0])
        for axis, prime in enumerate(self.PRIMES):
            mixed ^= cells[..., axis] * prime
        return mixed % self.size

    def forward(self, x: Tensor) -> Tensor:
        x = ((x + 4) / 8).clamp(0, 1)
        found = []
        for resolution, table in zip(self.resolutions, self.tables):
            scaled = x * resolution
            low = scaled.floor()
            part = (scaled - low).unsqueeze(-2)
            cells = low.long().unsqueeze(-2) + self.corners
            weights = torch.where(self.corners.bool(), part, 1 - part).prod(dim=-1, keepdim=True)
            found.append((table[self.hash(cells)] * weights).sum(dim=-2))
        return torch.concat(found, dim=-1)


class Field(nn.Module):
    def __init__(self, depth=4, width=32, skips=(2,), encoding: Union[str, nn.Module] = "waves"):
        super().__init__()
        if encoding == "waves":
            self.embed, in_dim = get_embedder(4)
        else:
            self.embed, in_dim = encoding, encoding.out_dim
        self.embed_dirs, in_dirs = get_embedder(2)
        self.skips = skips
        self.points = nn.ModuleList([nn.Linear(in_dim, width)] + [nn.Linear(width + in_dim if i in skips else width, width) for i in range(depth - 1)])
        self.alpha, self.feature = nn.Linear(width, 1), nn.Linear(width, width)
        self.views = nn.Linear(width + in_dirs, width // 2)
        self.rgb = nn.Linear(width // 2, 3)

    def forward(self, points, directions):
        shape = points.shape
        x = self.embed(points.reshape(-1, 3))
        h = x
        for i, layer in enumerate(self.points):
            h = F.relu(layer(h))
            if i in self.skips:
                h = torch.cat([x, h], -1)
        alpha = self.alpha(h if len(self.points) - 1 not in self.skips else h[..., x.shape[-1] :])
        d = directions[..., None, :].expand(shape).reshape(-1, 3)
        h = F.relu(self.views(torch.cat([self.feature(h), self.embed_dirs(d)], -1)))
        return torch.cat([torch.sigmoid(self.rgb(h)), F.softplus(alpha)], dim=-1).view(*shape[:-1], 4)


def stratified(rays: Rays, n: int, perturb: bool = True) -> Tensor:
    t = torch.linspace(0.0, 1.0, n)
    z = rays.near * (1.0 - t) + rays.far * t
    if perturb:
        mids = 0.5 * (z[..., 1:] + z[..., :-1])
        upper, lower = torch.cat([mids, z[..., -1:]], -1), torch.cat([z[..., :1], mids], -1)
        z = lower + (upper - lower) * torch.rand(z.shape)
    return z


def sample_pdf(bins: Tensor, weights: Tensor, n: int, det: bool = False) -> Tensor:
    pdf = (weights + 1e-5) / torch.sum(weights + 1e-5, -1, keepdim=True)
    cdf = torch.cumsum(pdf, -1)
    cdf = torch.cat([torch.zeros_like(cdf[..., :1]), cdf], -1)
    if det:
        u = torch.linspace(0.0, 1.0, steps=n).expand(list(cdf.shape[:-1]) + [n])
    else:
        u = torch.rand(list(cdf.shape[:-1]) + [n])
    u = u.contiguous()
    inds = torch.searchsorted(cdf, u, right=True)
    below, above = torch.max(torch.zeros_like(inds - 1), inds - 1), torch.min((cdf.shape[-1] - 1) * torch.ones_like(inds), inds)
    inds_g = torch.stack([below, above], -1)
    matched = [inds_g.shape[0], inds_g.shape[1], cdf.shape[-1]]
    cdf_g = torch.gather(cdf.unsqueeze(1).expand(matched), 2, inds_g)
    bins_g = torch.gather(bins.unsqueeze(1).expand(matched), 2, inds_g)
    denom = cdf_g[..., 1] - cdf_g[..., 0]
    denom = torch.where(denom < 1e-5, torch.ones_like(denom), denom)
    t = (u - cdf_g[..., 0]) / denom
    return bins_g[..., 0] + t * (bins_g[..., 1] - bins_g[..., 0])


def composite(raw: Tensor, z: Tensor, background: float = 1.0) -> Dict[str, Tensor]:
    rgb, sigma = raw.split([3, 1], dim=-1)
    delta = torch.cat([z.diff(dim=-1), torch.full_like(z[..., :1], 1e10)], dim=-1)
    alpha = 1.0 - torch.exp(-sigma.squeeze(-1) * delta)
    light = torch.cumprod(torch.cat([torch.ones((alpha.shape[0], 1)), 1.0 - alpha + 1e-10], -1), -1)[:, :-1]
    weights = alpha * light
    acc = weights.sum(-1)
    return {"rgb": (weights[..., None] * rgb).sum(-2) + background * (1 - acc)[:, None], "depth": torch.sum(weights * z, -1), "acc": acc, "weights": weights}


class Renderer(nn.Module):
    def __init__(self, n_coarse=8, n_fine=6, hashed=False):
        super().__init__()
        self.n_coarse, self.n_fine = n_coarse, n_fine
        self.coarse = Field()
        self.fine = Field(depth=3, skips=(), encoding=HashGrid()) if hashed else Field(width=48)
        self.register_buffer("occupancy", torch.ones(1, 1, 4, 4, 4))

    def occupied(self, points: Tensor) -> Tensor:
        grid = (points / 4).view(1, -1, 1, 1, 3)
        return F.grid_sample(self.occupancy, grid, align_corners=True, padding_mode="border").view(points.shape[:-1])

    @torch.no_grad()
    def update_occupancy(self, decay=0.95):
        axes = [torch.linspace(-4, 4, n) for n in self.occupancy.shape[2:]]
        points = torch.stack(torch.meshgrid(*axes, indexing="ij"), dim=-1)
        sigma = self.fine(points.flatten(0, 1), torch.zeros_like(points[..., 0, :]).flatten(0, 1).repeat_interleave(1, dim=0))[..., 3]
        self.occupancy.copy_(torch.maximum(self.occupancy * decay, sigma.reshape(self.occupancy.shape)))

    def forward(self, rays: Rays) -> Dict[str, Dict[str, Tensor]]:
        z = stratified(rays, self.n_coarse, self.training)
        points = rays.origins[..., None, :] + rays.directions[..., None, :] * z[..., :, None]
        out = {"coarse": composite(self.coarse(points, rays.directions) * self.occupied(points).unsqueeze(-1), z)}
        mids = 0.5 * (z[..., 1:] + z[..., :-1])
        fresh = sample_pdf(mids, out["coarse"]["weights"][..., 1:-1], self.n_fine, det=not self.training).detach()
        z, _ = torch.sort(torch.cat([z, fresh], -1), -1)
        points = torch.addcmul(rays.origins[:, None], rays.directions[:, None], z[..., None])
        out["fine"] = composite(self.fine(points, rays.directions), z)
        return out


def batchify(rays: Rays, chunk: int) -> Generator[Rays, None, None]:
    total = rays.origins.shape[0]
    for i in range(0, total, chunk):
        yield namedtuple_map(lambda r: r[i : i + chunk], rays)


@torch.no_grad()
def render_image(model: Renderer, camera: Camera, chunk: int = 20) -> Dict[str, Tensor]:
    rays = camera.rays()
    height, width, *_ = rays.origins.shape
    flat = namedtuple_map(lambda r: r.reshape((height * width,) + r.shape[2:]), rays)
    results: Dict[str, list] = {}
    for part in batchify(flat, chunk):
        for key, value in model(part)["fine"].items():
            results.setdefault(key, []).append(value)
    return {k: torch.cat(v, 0).view(height, width, *v[0].shape[1:]) for k, v in results.items()}


mse2psnr = lambda x: -10.0 * torch.log(x) / np.log(10.0)  # noqa: E731


def main():
    torch.manual_seed(0)
    np.random.seed(0)
    cameras = [Camera(6, 8, 7.0, pose_spherical(theta, -30.0, 4.0)) for theta in np.linspace(-180, 180, 4)[:-1]]
    pooled = [namedtuple_map(lambda r: r.reshape(-1, r.shape[-1]), c.rays()) for c in cameras]
    rays = Rays(*map(torch.cat, zip(*pooled)))
    colours = (torch.sin(3 * rays.directions) + 1) / 2
    assert len(rays.origins) == sum(reduce(mul, (c.height, c.width)) for c in cameras)
    for hashed in (False, True):
        model = Renderer(hashed=hashed).train()
        optimizer = torch.optim.Adam(params=list(model.parameters()), lr=5e-4, betas=(0.9, 0.999))
        for step in range(3):
            select = np.random.choice(len(colours), size=[16], replace=False)
            batch, target = namedtuple_map(lambda r: r[select], rays), colours[select]
            out = model(batch)
            losses = {k: torch.mean((v["rgb"] - target) ** 2) for k, v in out.items()}
            sum(losses.values()).backward()
            optimizer.step()
            optimizer.zero_grad()
            for g in optimizer.param_groups:
                g["lr"] *= 0.1 ** (1 / 250)
        model.update_occupancy()
        image = render_image(model.eval(), cameras[0].scaled(0.5))
        to8b = lambda x: (255 * np.clip(x, 0, 1)).astype(np.uint8)  # noqa: E731
        print(mse2psnr(losses["fine"]).item(), to8b(image["rgb"].numpy()).shape, image["depth"].shape)


if __name__ == "__main__":
    main()
