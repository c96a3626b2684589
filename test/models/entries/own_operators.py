"""Solutions of equations: Fourier layers on grids, a branch and a trunk, networks whose derivatives obey physics, rollouts and spectra."""
# modules: own_operators

import math
from functools import cached_property, partialmethod
from typing import Callable, Iterable, Literal, Optional, Sequence, overload

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, StackDataset, TensorDataset


class Grid:
    def __init__(self, n: int, length: float = 2 * math.pi):
        self.n, self.length = n, length

    @cached_property
    def x(self) -> torch.Tensor:
        return torch.linspace(0, self.length, self.n + 1)[:-1]

    @cached_property
    def k(self) -> torch.Tensor:
        return torch.fft.rfftfreq(self.n, d=self.length / self.n) * 2 * math.pi

    def random_field(self, batch: int, decay: float = 2.0) -> torch.Tensor:
        spectrum = torch.randn(batch, len(self.k), dtype=torch.cfloat)
        spectrum = spectrum * (1 + self.k) ** -decay
        return torch.fft.irfft(spectrum, n=self.n, norm="forward")

    def derivative(self, u: torch.Tensor, order: int = 1) -> torch.Tensor:
        return torch.fft.irfft((1j * self.k) ** order * torch.fft.rfft(u), n=self.n)

    gradient = partialmethod(derivative, order=1)
    laplacian = partialmethod(derivative, order=2)


def burgers(u0: torch.Tensor, grid: Grid, steps: int, dt: float = 0.01, nu: float = 0.1) -> torch.Tensor:
    def rhs(u):
        return nu * grid.laplacian(u) - u * grid.gradient(u)

    path = [u0]
    for _ in range(steps):
        u = path[-1]
        k1 = rhs(u)
        k2 = rhs(u + dt / 2 * k1)
        k3 = rhs(u + dt / 2 * k2)
        k4 = rhs(u + dt * k3)
        path.append(u + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4))
    return torch.stack(path, dim=1)


class SpectralConv(nn.Module):
    """Products of the lowest modes, in any number of dims."""

    LETTERS = "xyz"

    def __init__(self, cin: int, cout: int, modes: Sequence[int]):
        super().__init__()
        self.cout, self.modes = cout, tuple(modes)
        n_corners = 2 ** (len(self.modes) - 1)
        scale = 1 / (cin * cout)
        self.weights = nn.ParameterList(scale * torch.rand(cin, cout, *self.modes, dtype=torch.cfloat) for _ in range(n_corners))

    def corners(self) -> Iterable[tuple]:
        *first, last = self.modes
        for i in range(2 ** len(first)):
            yield (..., *(slice(-m, None) if i >> j & 1 else slice(m) for j, m in enumerate(first)), slice(last))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        dims = tuple(range(-len(self.modes), 0))
        sizes = x.shape[2:]
        xf = torch.fft.rfftn(x, dim=dims)
        out = torch.zeros(x.shape[0], self.cout, *xf.shape[2:], dtype=torch.cfloat)
        axes = self.LETTERS[: len(self.modes)]
        for where, weight in zip(self.corners(), self.weights):
            out[where] = torch.einsum(f"bi{axes},io{axes}->bo{axes}", xf[where], weight)
        return torch.fft.irfftn(out, s=sizes, dim=dims)


class FNO(nn.Module):
    CONV = {1: nn.Conv1d, 2: nn.Conv2d, 3: nn.Conv3d}

    def __init__(self, modes, width=12, depth=2, cin=1, cout=1, pad=0):
        super().__init__()
        dims = len(modes)
        conv = self.CONV[dims]
        self.dims, self.pad = dims, pad
        self.lift = nn.Sequential(conv(cin + dims, 2 * width, 1), nn.GELU(), conv(2 * width, width, 1))
        for i in range(depth):
            setattr(self, f"spectral{i}", SpectralConv(width, width, modes))
            setattr(self, f"local{i}", conv(width, width, 1))
        self.depth = depth
        self.project = nn.Sequential(conv(width, 2 * width, 1), nn.GELU(), conv(2 * width, cout, 1))

    def coordinates(self, x):
        axes = [torch.linspace(0, 1, n) for n in x.shape[2:]]
        return torch.stack(torch.meshgrid(*axes, indexing="ij")).expand(x.shape[0], -1, *x.shape[2:])

    def forward(self, x):
        h = self.lift(torch.cat((x, self.coordinates(x)), dim=1))
        if self.pad:
            h = F.pad(h, [0, self.pad] * self.dims)
        for i in range(self.depth):
            h = getattr(self, f"spectral{i}")(h) + getattr(self, f"local{i}")(h)
            h = F.gelu(h) if i < self.depth - 1 else h
        if self.pad:
            h = h[(..., *[slice(0, -self.pad)] * self.dims)]
        return self.project(h)

    @torch.no_grad()
    def rollout(self, u, steps):
        states = [u]
        while len(states) <= steps:
            states.append(self(states[-1]))
        return torch.stack(states).transpose(0, 1)


class DeepONet(nn.Module):
    def __init__(self, sensors: int, dims: int = 1, basis: int = 16, width: int = 32):
        super().__init__()
        make = lambda *sizes: nn.Sequential(*sum(([nn.Linear(a, b), nn.Tanh()] for a, b in zip(sizes, sizes[1:])), []))  # noqa: E731
        self.branch, self.trunk = make(sensors, width, basis), make(dims, width, width, basis)
        self.bias = nn.Parameter(torch.zeros([]))

    def forward(self, u: torch.Tensor, at: torch.Tensor) -> torch.Tensor:
        return torch.einsum("bp,np->bn", self.branch(u), self.trunk(at)) + self.bias


class Siren(nn.Module):
    def __init__(self, din, dout, width=24, depth=2, omega=10.0):
        super().__init__()
        self.omega = omega
        sizes = [din] + [width] * depth
        self.hidden = nn.ModuleList([nn.Linear(*pair) for pair in zip(sizes, sizes[1:])])
        self.last = nn.Linear(width, dout)
        with torch.no_grad():
            for i, layer in enumerate(self.hidden):
                bound = 1 / layer.in_features if i == 0 else math.sqrt(6 / layer.in_features) / omega
                layer.weight.uniform_(-bound, bound)

    def forward(self, x):
        for layer in self.hidden:
            x = torch.sin(self.omega * layer(x))
        return self.last(x)


def derivatives(u: torch.Tensor, *inputs: torch.Tensor, order: int = 1) -> list[torch.Tensor]:
    found = list(torch.autograd.grad(u, inputs, torch.ones_like(u), create_graph=True))
    if order == 1:
        return found
    return [derivatives(d, x, order=order - 1)[0] for d, x in zip(found, inputs)]


def physics_loss(net: Siren, n: int, nu: float, equation: Literal["heat", "burgers"]) -> dict[str, torch.Tensor]:
    t = torch.rand(n, 1, requires_grad=True)
    x = (torch.rand(n, 1) * 2 * math.pi).requires_grad_()
    u = net(torch.hstack([t, x]))
    u_t, u_x = derivatives(u, t, x)
    (u_xx,) = derivatives(u_x, x)
    residual = u_t - nu * u_xx + (u * u_x if equation == "burgers" else 0)
    start = net(torch.cat([torch.zeros_like(x), x], 1)) - torch.sin(x)
    ends = torch.stack([net(torch.column_stack((t, torch.full_like(t, edge)))) for edge in (0.0, 2 * math.pi)])
    return {"residual": residual.square().mean(), "start": start.square().mean(), "ends": (ends[0] - ends[1]).pow(2).mean()}


class RelativeL2:
    def __init__(self, dim: Optional[Sequence[int]] = None):
        self.dim = dim

    def __call__(self, pred, true):
        dims = self.dim or tuple(range(1, pred.ndim))
        diff = torch.linalg.vector_norm(pred - true, dim=dims)
        return (diff / torch.linalg.vector_norm(true, dim=dims)).mean()


def closure_fit(net, loss_fn: Callable[[], torch.Tensor], steps=1):
    optimiser = torch.optim.LBFGS(net.parameters(), max_iter=3, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        loss = loss_fn()
        loss.backward()
        return loss

    return [optimiser.step(closure).item() for _ in range(steps)]


def spectrum(u: np.ndarray) -> np.ndarray:
    power = np.abs(np.fft.rfft(u, axis=-1)) ** 2
    return power.reshape(-1, power.shape[-1]).mean(axis=0)


def main():
    torch.manual_seed(0)
    grid = Grid(32)
    with torch.no_grad():
        paths = burgers(grid.random_field(10), grid, steps=4)
    inputs, targets = paths[:, :-1].flatten(0, 1)[:, None], paths[:, 1:].flatten(0, 1)[:, None]
    mean, std = inputs.mean(), inputs.std()
    normal = lambda a: (a - mean) / std  # noqa: E731
    fno, criterion = FNO(modes=[6], pad=3), RelativeL2()
    optimiser = torch.optim.Adam(fno.parameters(), lr=2e-3)
    schedule = torch.optim.lr_scheduler.SequentialLR(optimiser, [torch.optim.lr_scheduler.LinearLR(optimiser, 0.1, total_iters=2), torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, 4)], milestones=[2])
    for a, b in DataLoader(TensorDataset(normal(inputs), normal(targets)), batch_size=10, shuffle=True):
        loss = criterion(fno(a), b)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    path = fno.rollout(normal(inputs[:3]), steps=3)
    print(loss.item(), path.shape, spectrum(path.squeeze(2).numpy()).shape)

    plane = FNO(modes=(3, 4), width=6, cin=2, cout=3)
    fields = torch.randn(2, 2, 12, 10)
    print(plane(fields).shape, plane(F.interpolate(fields, scale_factor=2, mode="bilinear")).shape)

    onet = DeepONet(sensors=grid.n)
    pairs = StackDataset(u=paths[:, 0], y=paths[:, -1])
    optimiser = torch.optim.Adam(onet.parameters())
    for sample in DataLoader(pairs, batch_size=5):
        error = F.mse_loss(onet(sample["u"], grid.x[:, None]), sample["y"])
        optimiser.zero_grad()
        error.backward()
        optimiser.step()

    for equation in ("heat", "burgers"):
        net = Siren(2, 1)
        history = closure_fit(net, lambda: sum(physics_loss(net, 20, 0.1, equation).values()))
        times = torch.linspace(0, 1, 5)
        plot = net(torch.cartesian_prod(times, grid.x)).unflatten(0, (5, -1)).squeeze(-1).detach()
        print(equation, history, plot.shape, np.gradient(plot.numpy(), axis=1).shape)


if __name__ == "__main__":
    main()
