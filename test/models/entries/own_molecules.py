"""Molecules: text to graphs, batches of different sizes, messages along bonds, networks that turn with their input, a property and a force."""
# modules: own_molecules

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, chain
from typing import Sequence

import numpy as np
import torch
import torch.nn as nn
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

SMILES = ["CCO", "CC(=O)O", "C1CCCCC1", "CC(C)C#N", "OCC(O)CO", "c1ccccc1O", "NCC(=O)O", "CC=O"]
ATOMS = {"C": 4, "N": 3, "O": 2, "c": 4}
BONDS = {"-": 0, "=": 1, "#": 2, ":": 3}


@dataclass
class Molecule:
    atoms: list[str]
    bonds: list[tuple[int, int, int]]

    @classmethod
    def parse(cls, text: str) -> Molecule:
        atoms, bonds, stack, rings = [], [], [], {}
        last, order = None, "-"
        for char in text:
            if char in BONDS:
                order = char
            elif char == "(":
                stack.append(last)
            elif char == ")":
                last = stack.pop()
            elif char.isdigit():
                if (start := rings.pop(char, None)) is not None:
                    bonds.append((start, last, BONDS[":" if atoms[last].islower() else "-"]))
                else:
                    rings[char] = last
            else:
                atoms.append(char)
                if last is not None:
                    bonds.append((last, len(atoms) - 1, BONDS[":" if char.islower() and atoms[last].islower() else order]))
                last, order = len(atoms) - 1, "-"
        return cls(atoms, bonds)

    def __len__(self):
        return len(self.atoms)

    def layout(self, seed: int) -> np.ndarray:
        return np.random.RandomState(seed).randn(len(self), 3).astype(np.float32) * 2


@dataclass
class Batch:
    z: Tensor
    pos: Tensor
    edge_index: Tensor
    edge_attr: Tensor
    batch: Tensor
    y: Tensor

    @property
    def num_graphs(self) -> int:
        return int(self.batch.max()) + 1

    def pin(self, fn) -> Batch:
        return Batch(**{k: fn(v) for k, v in vars(self).items()})


class Molecules(Dataset):
    def __init__(self, smiles: Sequence[str]):
        self.molecules = [Molecule.parse(s) for s in smiles]
        self.vocab = {a: i for i, a in enumerate(sorted(set(chain.from_iterable(m.atoms for m in self.molecules))))}

    def __len__(self):
        return len(self.molecules)

    def __getitem__(self, i):
        m = self.molecules[i]
        z = torch.tensor([self.vocab[a] for a in m.atoms])
        src, dst, kind = (list(t) for t in zip(*m.bonds))
        edges = torch.tensor([src + dst, dst + src])
        y = float(sum(ATOMS[a] for a in m.atoms)) / len(m)
        return z, torch.from_numpy(m.layout(i)), edges, torch.tensor(kind + kind), y


def collate(samples) -> Batch:
    zs, positions, edges, kinds, ys = map(list, zip(*samples))
    sizes = [len(z) for z in zs]
    offsets = [0, *accumulate(sizes)][:-1]
    return Batch(
        z=torch.cat(zs),
        pos=torch.vstack(positions),
        edge_index=torch.cat([e + o for e, o in zip(edges, offsets)], dim=1),
        edge_attr=torch.hstack(kinds),
        batch=torch.repeat_interleave(torch.arange(len(sizes)), torch.tensor(sizes)),
        y=torch.tensor(ys).unsqueeze(-1),
    )


def scatter(src: Tensor, index: Tensor, size: int, how: str = "sum") -> Tensor:
    out = src.new_zeros(size, *src.shape[1:])
    where = index.reshape(-1, *(1,) * (src.ndim - 1)).expand_as(src)
    if how == "sum":
        return out.scatter_add(0, where, src)
    return out.scatter_reduce(0, where, src, reduce={"mean": "mean", "max": "amax"}[how], include_self=False)


class RadialBasis(nn.Module):
    def __init__(self, n: int = 12, cutoff: float = 6.0):
        super().__init__()
        self.register_buffer("centres", torch.linspace(0, cutoff, n))
        self.gamma = (n / cutoff) ** 2
        self.cutoff = cutoff

    def forward(self, d: Tensor) -> Tensor:
        envelope = 0.5 * (torch.cos(torch.pi * d / self.cutoff) + 1) * (d < self.cutoff)
        return torch.exp(-self.gamma * (d[:, None] - self.centres) ** 2) * envelope[:, None]


def mlp(*sizes: int, act=nn.SiLU) -> nn.Sequential:
    layers = [layer for a, b in zip(sizes[:-1], sizes[1:]) for layer in (nn.Linear(a, b), act())]
    return nn.Sequential(*layers[:-1])


class EdgeConv(nn.Module):
    """Messages hang on both ends, the bond and the distance; positions move along the bonds."""

    def __init__(self, dim: int, n_rbf: int, move: bool):
        super().__init__()
        self.message = mlp(2 * dim + n_rbf + dim, dim, dim)
        self.update = mlp(2 * dim, dim, dim)
        self.move = mlp(dim, dim, 1) if move else None
        self.norm = nn.LayerNorm(dim)

    def forward(self, h, pos, edge_index, bond, rbf):
        src, dst = edge_index
        delta = pos[src] - pos[dst]
        dist = delta.norm(dim=-1)
        m = self.message(torch.cat([h[src], h[dst], bond, rbf(dist)], dim=-1))
        if self.move is not None:
            step = delta / (dist.unsqueeze(-1) + 1) * self.move(m).tanh()
            pos = pos + scatter(step, dst, h.size(0), "mean")
        total = scatter(m, dst, len(h))
        return h + self.norm(self.update(torch.cat((h, total), -1))), pos


class GlobalAttention(nn.Module):
    """Atoms of one molecule attend to one another, in a dense batch."""

    def __init__(self, dim: int, heads: int):
        super().__init__()
        self.attn = nn.MultiheadAttention(dim, heads, batch_first=True)
        self.norm = nn.LayerNorm(dim)

    @staticmethod
    def dense(h: Tensor, batch: Tensor, graphs: int) -> tuple[Tensor, Tensor]:
        counts = torch.bincount(batch, minlength=graphs)
        starts = counts.cumsum(0) - counts
        place = torch.arange(len(h)) - starts[batch]
        out = h.new_zeros(graphs, int(counts.max()), h.size(-1))
        out[batch, place] = h
        mask = torch.zeros(out.shape[:2], dtype=torch.bool)
        mask[batch, place] = True
        return out, mask

    def forward(self, h, batch, graphs):
        dense, mask = self.dense(h, batch, graphs)
        mixed, weights = self.attn(dense, dense, dense, key_padding_mask=~mask)
        return self.norm(h + mixed[mask])


class Net(nn.Module):
    def __init__(self, atoms: int, dim: int = 16, depth: int = 3, heads: int = 2):
        super().__init__()
        self.atom = nn.Embedding(atoms, dim)
        self.bond = nn.Embedding(len(BONDS), dim)
        self.rbf = RadialBasis()
        self.convs = nn.ModuleList(EdgeConv(dim, len(self.rbf.centres), move=i % 2 == 0) for i in range(depth))
        self.attns = nn.ModuleList(GlobalAttention(dim, heads) for _ in range(depth))
        self.readout = nn.ModuleDict({how: mlp(dim, dim, 1) for how in ("sum", "mean", "max")})

    def forward(self, data: Batch) -> Tensor:
        h, pos = self.atom(data.z), data.pos
        bond = self.bond(data.edge_attr)
        for conv, attn in zip(self.convs, self.attns):
            h, pos = conv(h, pos, data.edge_index, bond, self.rbf)
            h = attn(h, data.batch, data.num_graphs)
        pooled = {how: scatter(h, data.batch, data.num_graphs, how) for how in self.readout}
        return sum(head(pooled[how]) for how, head in self.readout.items())

    def energy_and_force(self, data: Batch) -> tuple[Tensor, Tensor]:
        data.pos.requires_grad_(True)
        energy = self(data)
        (gradient,) = torch.autograd.grad(energy.sum(), data.pos, create_graph=self.training)
        return energy, -gradient


def rotation(seed: int) -> Tensor:
    q, r = torch.linalg.qr(torch.randn(3, 3, generator=torch.Generator().manual_seed(seed)))
    return q * torch.sign(torch.diagonal(r))


def main():
    torch.manual_seed(5)
    data = Molecules(SMILES)
    loader = DataLoader(data, batch_size=4, shuffle=False, collate_fn=collate)
    net = Net(atoms=len(data.vocab))
    optimiser = torch.optim.AdamW(net.parameters(), lr=3e-3)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1e-2, total_steps=6)
    for epoch in range(2):
        for batch in loader:
            energy, force = net.energy_and_force(batch)
            loss = (energy - batch.y).square().mean() + 1e-3 * force.norm(dim=1).mean()
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_value_(net.parameters(), 1.0)
            optimiser.step()
            scheduler.step()
    net.eval()
    batch = next(iter(loader))
    turned = Batch(**{**vars(batch), "pos": (batch.pos.detach() @ rotation(1).T)})
    a, b = net(batch), net(turned)
    print(torch.allclose(a, b, atol=1e-3), a.flatten().tolist(), batch.pin(lambda t: t[:2]).z.shape)


if __name__ == "__main__":
    main()
