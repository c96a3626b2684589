"""A decoder with cross-attention over an encoded source, and a beam search that reshapes batch and beams."""

import math
from typing import Dict, Optional

import torch
from torch import nn

BOS, EOS = 1, 2


class KeyValueStore:
    """Keys and values of one layer, which grow at every step and follow the beams."""

    def __init__(self):
        self.data: Dict[str, torch.Tensor] = {}

    def append(self, **new):
        for name, states in new.items():
            if name in self.data:
                states = torch.cat([self.data[name], states], dim=-2)
            self.data[name] = states
        return tuple(self.data[name] for name in new)

    def reorder(self, order):
        self.data = {name: states.index_select(0, order) for name, states in self.data.items()}


class MultiHead(nn.Module):
    def __init__(self, dim, heads, memory_dim=None):
        super().__init__()
        self.h, self.d = heads, dim // heads
        self.q = nn.Linear(dim, dim)
        self.kv = nn.Linear(memory_dim or dim, 2 * dim)
        self.o = nn.Linear(dim, dim)

    def forward(self, x, memory=None, bias=None, store: Optional[KeyValueStore] = None):
        n, t = x.shape[:2]
        q = self.q(x).reshape(n, t, self.h, self.d).swapaxes(1, 2)
        source = x if memory is None else memory
        kv = self.kv(source).reshape(n, source.shape[1], 2, self.h, self.d)
        k, v = kv.permute(2, 0, 3, 1, 4)
        if store is not None:
            k, v = store.append(k=k, v=v)
        logits = torch.einsum("nhqd, nhkd -> nhqk", q, k).div(math.sqrt(self.d))
        if bias is not None:
            logits = logits + bias
        mixed = torch.einsum("nhqk, nhkd -> nqhd", logits.softmax(dim=3), v)
        return self.o(mixed.flatten(-2))


class DecoderLayer(nn.Module):
    def __init__(self, dim, heads, memory_dim):
        super().__init__()
        self.own = MultiHead(dim, heads)
        self.cross = MultiHead(dim, heads, memory_dim=memory_dim)
        self.ff = nn.Sequential(nn.Linear(dim, 3 * dim), nn.ReLU(), nn.Linear(3 * dim, dim))
        self.n1, self.n2, self.n3 = (nn.LayerNorm(dim) for _ in "abc")

    def forward(self, x, memory, own_bias=None, cross_bias=None, store=None):
        x = self.n1(x + self.own(x, bias=own_bias, store=store))
        x = self.n2(x + self.cross(x, memory, bias=cross_bias))
        return self.n3(x + self.ff(x))


class Decoder(nn.Module):
    def __init__(self, vocab=53, dim=32, heads=4, memory_dim=26, depth=2):
        super().__init__()
        self.vocab, self.dim, self.depth = vocab, dim, depth
        self.embed = nn.Embedding(vocab, dim)
        self.place = nn.Embedding(30, dim)
        self.layers = nn.ModuleList([DecoderLayer(dim, heads, memory_dim) for _ in range(depth)])

    def forward(self, ids, memory, memory_keep, stores=None, start=0):
        t = ids.size(1)
        x = self.embed(ids) + self.place(torch.arange(start, start + t, device=ids.device))
        cross_bias = memory_keep.logical_not()[:, None, None] * -1e9
        own_bias = None if stores else torch.full([t, t], -1e9).triu_(1)
        for i, layer in enumerate(self.layers):
            store = stores[i] if stores else None
            x = layer(x, memory, own_bias, cross_bias, store)
        return x @ self.embed.weight.T


@torch.no_grad()
def beam_search(model, memory, memory_keep, beams=3, steps=6):
    batch, source, width = memory.shape
    memory = memory[:, None].expand(batch, beams, source, width).reshape(-1, source, width)
    memory_keep = memory_keep.repeat_interleave(beams, dim=0)

    stores = [KeyValueStore() for _ in range(model.depth)]
    ids = torch.full((batch * beams, 1), BOS)
    totals = torch.zeros(batch, beams)
    totals[:, 1:] = -1e9  # the beams start alike
    done = torch.zeros(batch * beams, dtype=torch.bool)
    first_row = torch.arange(batch).mul(beams).unsqueeze(1)

    for step in range(steps):
        logits = model(ids[:, -1:], memory, memory_keep, stores, start=step)
        log_p = logits[:, -1].log_softmax(-1)
        only_eos = torch.full_like(log_p, -1e9)
        only_eos[:, EOS] = 0.0
        log_p = torch.where(done[:, None], only_eos, log_p)

        scores = totals[..., None] + log_p.view(batch, beams, -1)
        totals, flat = scores.view(batch, -1).topk(beams, dim=1)
        beam = flat // model.vocab
        token = flat % model.vocab
        order = (first_row + beam).view(-1)

        for store in stores:
            store.reorder(order)
        ids = torch.cat([ids[order], token.view(-1, 1)], dim=1)
        done = done[order] | token.view(-1).eq(EOS)
        if done.all():
            break

    best = totals.argmax(dim=1)
    rows = ids.view(batch, beams, -1)
    return rows[torch.arange(batch), best], totals.gather(1, best[:, None]).squeeze(1)


if __name__ == "__main__":
    torch.manual_seed(0)
    decoder = Decoder()
    memory = torch.randn(2, 7, 26)
    keep = torch.ones(2, 7, dtype=torch.bool)
    keep[1, 5:] = False

    logits = decoder(torch.randint(3, 53, (2, 9)), memory, keep)
    print("teacher forcing", logits.shape)
    sequences, scores = beam_search(decoder, memory, keep)
    print("beam search", sequences.shape, scores.shape)
