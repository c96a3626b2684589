# %% [markdown]
# How does a small attention layer learn to look up what came after the same symbol before?
# %%
# modules: own_notebook
import math
from itertools import count

import numpy as np
import torch
from torch import einsum

torch.manual_seed(0)
rng = np.random.default_rng(0)

# %% the task: pairs of symbols come again, and the second is to be foretold
n_symbols, length, n_seq = 11, 13, 40
half = rng.integers(0, n_symbols, size=(n_seq, length // 2 + 1))
data = np.concatenate([half, half], axis=1)[:, : length + 1]
x, y = torch.tensor(data[:, :-1]), torch.tensor(data[:, 1:])
counts = np.bincount(data.ravel(), minlength=n_symbols)
freq = counts / counts.sum()
base_entropy = -(freq * np.log(freq)).sum()

# %% parameters as a plain dict
d, h, dh = 18, 3, 6
shapes = dict(
    emb=(n_symbols, d), pos=(length, d),
    wq=(2, h, d, dh), wk=(2, h, d, dh), wv=(2, h, d, dh), wo=(2, h, dh, d),
    w1=(d, 4 * d), b1=(4 * d,), w2=(4 * d, d), out=(d, n_symbols),
)
params = {k: torch.randn(*s) / math.sqrt(s[-2] if len(s) > 1 else 1) for k, s in shapes.items()}
params["b1"] *= 0
for p in params.values():
    p.requires_grad_()
n_params = sum(p.numel() for p in params.values())
print(f"{n_params:,} parameters")


# %% the model is a function
def norm(z, eps=1e-5):
    return (z - z.mean(-1, keepdim=True)) / (z.var(-1, keepdim=True, unbiased=False) + eps).sqrt()


def attend(p, i, z):
    q, k, v = (einsum("btd,hde->bhte", z, p[name][i]) for name in ("wq", "wk", "wv"))
    t = z.shape[1]
    s = einsum("bhqe,bhke->bhqk", q, k) / dh**0.5
    s = s + torch.full((t, t), -torch.inf).triu(1)
    a = s.softmax(-1)
    return einsum("bhqk,bhke,hed->bqd", a, v, p["wo"][i]), a


def model(p, tokens, return_maps=False):
    z = p["emb"][tokens] + p["pos"][: tokens.shape[-1]]
    maps = []
    for i in range(2):
        dz, a = attend(p, i, norm(z))
        z, maps = z + dz, maps + [a]
    z = z + torch.relu(norm(z) @ p["w1"] + p["b1"]) @ p["w2"]
    logits = norm(z) @ p["out"]
    return (logits, torch.stack(maps)) if return_maps else logits


def loss_fn(p, tokens, targets):
    logp = model(p, tokens).log_softmax(-1)
    picked = logp.gather(-1, targets[..., None])[..., 0]
    return -picked.mean(), picked


# %% Adam by hand
state = {k: (torch.zeros_like(p), torch.zeros_like(p)) for k, p in params.items()}
steps = count(1)
history = []
b1, b2, lr = 0.9, 0.99, 3e-3
for epoch in range(3):
    perm = torch.randperm(n_seq)
    for idx in perm.chunk(4):
        loss, picked = loss_fn(params, x[idx], y[idx])
        grads = torch.autograd.grad(loss, list(params.values()))
        t = next(steps)
        with torch.no_grad():
            for (name, p), g in zip(params.items(), grads):
                m, v = state[name]
                m.mul_(b1).add_(g, alpha=1 - b1)
                v.mul_(b2).addcmul_(g, g, value=1 - b2)
                p -= lr * (m / (1 - b1**t)) / ((v / (1 - b2**t)).sqrt() + 1e-8)
        history += [loss.item()]
curve = np.array(history)
smooth = np.convolve(curve, np.ones(3) / 3, mode="valid")

# %% which head looks where?
with torch.no_grad():
    logits, maps = model(params, x, return_maps=True)
period = length // 2 + 1
offsets = torch.stack([maps.diagonal(-k, dim1=-2, dim2=-1).mean(-1) for k in range(period + 1)], -1)
by_head = offsets.mean(1)
induction = by_head[..., period - 1]
best_layer, best_head = np.unravel_index(int(induction.argmax()), induction.shape)
pattern = maps[best_layer, :, best_head].mean(0)
acc_by_place = (logits.argmax(-1) == y).float().mean(0)
early, late = acc_by_place[: length // 2].mean(), acc_by_place[length // 2 :].mean()

# %% what if a head is taken out?
drops = torch.zeros(2, h)
with torch.no_grad():
    base = loss_fn(params, x, y)[0]
    for layer in range(2):
        for head in range(h):
            without = {**params, "wo": params["wo"].clone()}
            without["wo"][layer, head] = 0
            drops[layer, head] = loss_fn(without, x, y)[0] - base
u, s, vh = torch.linalg.svd(params["wv"][0] @ params["wo"][0], full_matrices=False)
ranks = (s > s[:, :1] * 1e-4).sum(-1)
qk = einsum("hde,hfe->hdf", params["wq"][1], params["wk"][1])
ov = params["emb"] @ (params["wv"][1] @ params["wo"][1]) @ params["out"]
copying = ov.diagonal(dim1=1, dim2=2).mean(1) - ov.mean((1, 2))

# %% distances between what symbols mean
emb = params["emb"].detach()
dist = torch.cdist(emb, emb)
closest = dist.fill_diagonal_(torch.inf).argmin(1)
centred = emb - emb.mean(0)
cov = centred.T @ centred / (len(emb) - 1)
evals, evecs = torch.linalg.eigh(cov)
proj = centred @ evecs[:, -2:].flip(-1)
share = evals.flip(0).cumsum(0) / evals.sum()

# %% many seeds at once
keys = list(params)


def small_loss(wout, seed_x, seed_y):
    logits = torch.nn.functional.one_hot(seed_x, n_symbols).float() @ wout
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), seed_y.flatten())


seeds = torch.randn(5, n_symbols, n_symbols) * 0.1
per_seed = torch.func.vmap(torch.func.grad_and_value(small_loss), in_dims=(0, None, None))(seeds, x, y)
grads, losses = per_seed
hess = torch.func.hessian(lambda w: (w @ w).logsumexp(0))(torch.randn(4))
batched = torch.vmap(torch.outer)(emb[:6], emb[5:])
rows = torch.func.jacrev(lambda z: norm(z).tanh())(emb[0])

# %% the table of it all
summary = {
    "curve": torch.from_numpy(smooth), "drops": drops, "proj": proj, "copying": copying.detach(),
    "entropy": torch.tensor(base_entropy), "share": share, "closest": closest, "ranks": ranks,
}
for name, value in summary.items():
    print(f"{name:>8}", tuple(value.shape), value.dtype)
print(pattern.shape, qk.shape, rows.shape, batched.shape, grads.shape, losses.shape, hess.shape, float(late) >= float(early))
