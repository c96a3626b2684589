"""Networks as functions of trees of arrays: init and apply, a scan, maps over batches, optimisers that are pairs of functions, curvature."""
# modules: own_trees

import functools
import operator
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, NamedTuple, TypeAlias

import torch
from torch.func import grad, grad_and_value, hessian, jacfwd, jacrev, jvp, vjp, vmap
from torch.utils._pytree import tree_flatten, tree_leaves, tree_map, tree_unflatten

Params: TypeAlias = Any


class Layer(NamedTuple):
    init: Callable
    apply: Callable


def glorot(key, shape):
    return torch.randn(shape, generator=key) * (2.0 / sum(shape)) ** 0.5


def dense(d_out, bias=True):
    def init(key, shape):
        *lead, d_in = shape
        params = {"w": glorot(key, (d_in, d_out))}
        if bias:
            params["b"] = torch.zeros(d_out)
        return (*lead, d_out), params

    def apply(params, x):
        y = x @ params["w"]
        return y + params["b"] if "b" in params else y

    return Layer(init, apply)


def elementwise(fn, **kw):
    return Layer(lambda key, shape: (shape, ()), lambda params, x: fn(x, **kw))


relu, gelu, tanh = (elementwise(f) for f in (torch.relu, torch.nn.functional.gelu, torch.tanh))


def norm(eps=1e-5):
    def init(key, shape):
        return shape, (torch.ones(shape[-1]), torch.zeros(shape[-1]))

    def apply(params, x):
        scale, shift = params
        var, mean = torch.var_mean(x, dim=-1, keepdim=True, correction=0)
        return (x - mean) * torch.rsqrt(var + eps) * scale + shift

    return Layer(init, apply)


def serial(*layers):
    inits, applies = zip(*layers)

    def init(key, shape):
        params = []
        for fun in inits:
            shape, p = fun(key, shape)
            params.append(p)
        return shape, params

    def apply(params, x):
        return functools.reduce(lambda h, pair: pair[0](pair[1], h), zip(applies, params), x)

    return Layer(init, apply)


def residual(layer):
    def apply(params, x):
        return x + layer.apply(params, x)

    return Layer(layer.init, apply)


def attention(heads, causal=True):
    def init(key, shape):
        d = shape[-1]
        return shape, {name: glorot(key, (d, d)) for name in "qkvo"}

    def one_head(q, k, v):
        logits = q @ k.T / q.shape[-1] ** 0.5
        if causal:
            n = logits.shape[-1]
            logits = torch.where(torch.tril(torch.ones(n, n)) > 0, logits, -1e9)
        return torch.softmax(logits, -1) @ v

    def apply(params, x):
        split = lambda t: t.reshape(t.shape[0], heads, -1)  # noqa: E731
        q, k, v = (split(x @ params[n]) for n in "qkv")
        out = vmap(one_head, in_dims=1, out_dims=1)(q, k, v)
        return out.flatten(1) @ params["o"]

    return Layer(init, apply)


def embed(vocab, dim):
    def init(key, shape):
        return (*shape, dim), torch.randn(vocab, dim, generator=key)

    return Layer(init, lambda table, ids: table[ids])


def scan(step, carry, xs, length=None):
    """Steps over the first axis of every leaf of xs."""
    leaves, spec = tree_flatten(xs)
    length = leaves[0].shape[0] if leaves else length
    ys = []
    for t in range(length):
        carry, y = step(carry, tree_unflatten([leaf[t] for leaf in leaves], spec))
        ys.append(y)
    return carry, tree_map(lambda *parts: torch.stack(parts), *ys)


def gru(hidden):
    def init(key, shape):
        *lead, d = shape
        gates = {g: {"x": glorot(key, (d, hidden)), "h": glorot(key, (hidden, hidden)), "b": torch.zeros(hidden)} for g in ("reset", "update", "new")}
        return (*lead, hidden), gates

    def apply(params, xs):
        def step(h, x):
            pre = {g: x @ p["x"] + p["b"] for g, p in params.items()}
            r = torch.sigmoid(pre["reset"] + h @ params["reset"]["h"])
            z = torch.sigmoid(pre["update"] + h @ params["update"]["h"])
            n = torch.tanh(pre["new"] + (r * h) @ params["new"]["h"])
            h = (1 - z) * n + z * h
            return h, h

        _, hs = scan(step, torch.zeros(hidden), xs)
        return hs

    return Layer(init, apply)


class Transform(NamedTuple):
    init: Callable[[Params], Any]
    update: Callable[..., tuple[Params, Any]]


def scale(factor):
    return Transform(lambda p: (), lambda g, s, p: (tree_map(lambda x: x * factor, g), s))


def clip(most):
    def update(grads, state, params):
        total = torch.sqrt(sum(g.square().sum() for g in tree_leaves(grads)))
        return tree_map(lambda g: g * (most / (total + 1e-6)).clamp(max=1.0), grads), state

    return Transform(lambda p: None, update)


def adam(b1=0.9, b2=0.999, eps=1e-8):
    def init(params):
        return SimpleNamespace(step=0, mu=tree_map(torch.zeros_like, params), nu=tree_map(torch.zeros_like, params))

    def update(grads, state, params):
        step = state.step + 1
        mu = tree_map(lambda m, g: b1 * m + (1 - b1) * g, state.mu, grads)
        nu = tree_map(lambda v, g: b2 * v + (1 - b2) * g**2, state.nu, grads)
        new = tree_map(lambda m, v: (m / (1 - b1**step)) / ((v / (1 - b2**step)).sqrt() + eps), mu, nu)
        return new, SimpleNamespace(step=step, mu=mu, nu=nu)

    return Transform(init, update)


def chain(*transforms):
    def update(grads, states, params):
        fresh = []
        for t, s in zip(transforms, states):
            grads, s = t.update(grads, s, params)
            fresh.append(s)
        return grads, tuple(fresh)

    return Transform(lambda p: tuple(t.init(p) for t in transforms), update)


def cross_entropy(logits, labels):
    picked = torch.log_softmax(logits, -1).gather(-1, labels[..., None])
    return -picked.mean()


def describe(params, prefix=""):
    match params:
        case torch.Tensor():
            yield prefix, tuple(params.shape)
        case Mapping():
            for k, v in params.items():
                yield from describe(v, f"{prefix}.{k}")
        case list() | tuple():
            for i, v in enumerate(params):
                yield from describe(v, f"{prefix}[{i}]")


def train(name, model, xs, ys, steps=3):
    key = torch.Generator().manual_seed(7)
    shape, params = model.init(key, tuple(xs.shape[1:]))
    batched = vmap(model.apply, in_dims=(None, 0))
    loss_fn = lambda p, x, y: cross_entropy(batched(p, x), y)  # noqa: E731
    optimiser = chain(clip(1.0), adam(), scale(-3e-3))
    state = optimiser.init(params)
    for _ in range(steps):
        grads, loss = grad_and_value(loss_fn)(params, xs, ys)
        updates, state = optimiser.update(grads, state, params)
        params = tree_map(operator.add, params, updates)
    print(f"{name:10} {shape} {loss.item():.3f} {sum(t.numel() for t in tree_leaves(params))}", next(describe(params)))
    return params, loss_fn


def sharpness(loss_fn, params, xs, ys, steps=4):
    """The largest curvature, by powers of the Hessian times a vector."""
    v = tree_map(torch.randn_like, params)
    objective = lambda p: loss_fn(p, xs, ys)  # noqa: E731
    for _ in range(steps):
        _, hv = jvp(grad(objective), (params,), (v,))
        size = torch.sqrt(sum((h * h).sum() for h in tree_leaves(hv)))
        v = tree_map(lambda h: h / (size + 1e-9), hv)
    return size


def ensembles(layer, n, x):
    keys = [torch.Generator().manual_seed(i) for i in range(n)]
    many = [layer.init(k, x.shape[1:])[1] for k in keys]
    stacked = tree_map(lambda *leaves: torch.stack(leaves), *many)
    return vmap(vmap(layer.apply, in_dims=(None, 0)), in_dims=(0, None))(stacked, x)


def main():
    torch.manual_seed(0)
    vocab, length, dim = 11, 6, 8
    block = [residual(serial(norm(), attention(2))), residual(serial(norm(), dense(2 * dim), gelu, dense(dim)))]
    models = {
        "attention": serial(embed(vocab, dim), *block, *block, norm(), dense(vocab, bias=False)),
        "recurrent": serial(embed(vocab, dim), gru(12), dense(vocab)),
    }
    ids = torch.arange(4)[:, None] + torch.arange(length + 1) * 2
    xs, ys = ids[:, :-1] % vocab, ids[:, 1:] % vocab
    for name, model in models.items():
        params, loss_fn = train(name, model, xs, ys)
        size = sharpness(loss_fn, params, xs, ys)
        each = vmap(grad(lambda p, x, y: loss_fn(p, x[None], y[None])), in_dims=(None, 0, 0))(params, xs, ys)
        norms = sum(g.flatten(1).square().sum(1) for g in tree_leaves(each)).sqrt()
        print(size.shape, norms.shape)
    mlp = serial(dense(10), tanh, dense(3))
    points = torch.randn(5, 4)
    spread = ensembles(mlp, 6, points).std(dim=0)
    _, p = mlp.init(torch.Generator(), (4,))
    J = vmap(jacrev(functools.partial(mlp.apply, p)))(points)
    J2 = jacfwd(lambda x: mlp.apply(p, x))(points[0])
    H = vmap(hessian(lambda x: mlp.apply(p, x).sum()))(points)
    out, pull = vjp(mlp.apply, p, points)
    back_p, back_x = pull(torch.ones_like(out))
    print(spread.shape, J.shape, J2.shape, H.shape, back_p[0]["w"].shape, back_x.shape)


if __name__ == "__main__":
    main()
