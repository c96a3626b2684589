"""Inner loops and looks inside: adaptation by functional calls, per-sample gradients, hooks, a probe, pruning, distillation."""
# modules: own_inner

import contextlib
import copy
import types
import weakref
from functools import partial, singledispatch

import torch
import torch.nn.functional as F
import torch.nn.utils.parametrize as parametrize
from torch import nn
from torch.func import functional_call, grad, jacrev, stack_module_state, vmap


class Sine(nn.Module):
    def __init__(self, w0=1.0):
        super().__init__()
        self.w0 = w0

    def forward(self, x):
        return torch.sin(self.w0 * x)


def mlp(sizes, act=nn.ReLU, last=False):
    layers = []
    for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
        layers.append(nn.Linear(a, b))
        if last or i < len(sizes) - 2:
            layers.append(act())
    return nn.Sequential(*layers)


class Tasks:
    def __init__(self, shots=5, seed=0):
        self.shots = shots
        self.g = torch.Generator().manual_seed(seed)

    def batch(self, n):
        shift = torch.rand(n, 1, 1, generator=self.g) * 3
        scale = torch.empty(n, 1, 1).uniform_(0.5, 2.0, generator=self.g)
        x = torch.rand(n, 2 * self.shots, 1, generator=self.g) * 4 - 2
        y = scale * torch.sin(x + shift)
        return (x[:, : self.shots], y[:, : self.shots]), (x[:, self.shots :], y[:, self.shots :])


def adapt(model, params, x, y, lr=0.05, steps=2):
    for _ in range(steps):
        loss = F.mse_loss(functional_call(model, params, (x,)), y)
        grads = torch.autograd.grad(loss, params.values(), create_graph=True)
        params = {k: p - lr * g for (k, p), g in zip(params.items(), grads)}
    return params


class Catcher(contextlib.AbstractContextManager):
    """Keeps what layers give out, and the gradients that come back to it."""

    def __init__(self, model, kinds=(nn.Linear,)):
        self.model, self.kinds = model, kinds
        self.out, self.back, self.handles = {}, {}, []

    def __enter__(self):
        for name, layer in self.model.named_modules():
            if isinstance(layer, self.kinds):
                self.handles.append(layer.register_forward_hook(partial(self.keep, name)))
        return self

    def keep(self, name, layer, args, result):
        self.out[name] = result.detach()
        if result.requires_grad:
            result.retain_grad()
            self.back[name] = result

    def __exit__(self, *exc):
        for handle in self.handles:
            handle.remove()
        return None


class Mask(nn.Module):
    def __init__(self, weight, share=0.5):
        super().__init__()
        k = int(weight.numel() * share)
        least = weight.abs().flatten().kthvalue(k).values
        self.register_buffer("mask", (weight.abs() > least).to(weight.dtype))

    def forward(self, weight):
        return weight * self.mask


@singledispatch
def describe(layer):
    return None


@describe.register
def _(layer: nn.Linear):
    return layer.weight.detach().norm(dim=1)


@describe.register
def _(layer: nn.Conv2d):
    return layer.weight.detach().flatten(1).norm(dim=1)


class Student(nn.Module):
    def __init__(self, teacher, width=12):
        super().__init__()
        object.__setattr__(self, "_teacher", weakref.ref(teacher))
        self.body = nn.Sequential(nn.Conv2d(1, width, 3, 2, 1), nn.ReLU(), nn.Conv2d(width, width, 3, 2, 1), nn.ReLU())
        self.out = nn.Linear(width, 10)
        self.match = nn.Conv2d(width, teacher.width, 1)

    @property
    def teacher(self):
        return self._teacher()

    def forward(self, x):
        h = self.body(x)
        return self.out(h.mean((2, 3))), self.match(h)

    def loss(self, x, y, temperature=3.0, alpha=0.7):
        logits, feature = self(x)
        with torch.no_grad():
            wanted, target = self.teacher(x)
        soft = F.kl_div(F.log_softmax(logits / temperature, -1), F.log_softmax(wanted / temperature, -1), reduction="batchmean", log_target=True)
        relation = self.gram(feature) - self.gram(target)
        return alpha * temperature**2 * soft + (1 - alpha) * F.cross_entropy(logits, y) + relation.square().mean()

    @staticmethod
    def gram(f):
        f = F.normalize(f.flatten(2), dim=1)
        return torch.bmm(f.transpose(1, 2), f)


class Teacher(nn.Module):
    width = 20

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, self.width, 5, stride=2, padding=2)
        self.depth = nn.Conv2d(self.width, self.width, 3, stride=2, padding=1, groups=self.width)
        self.head = nn.Sequential(nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.LazyLinear(10))

    def forward(self, x):
        f = F.gelu(self.depth(F.gelu(self.stem(x))))
        return self.head(f), f


def hutchinson(f, x, n=4):
    noise = torch.randint(0, 2, (n, *x.shape)).to(x.dtype) * 2 - 1
    products = vmap(lambda v: torch.func.jvp(f, (x,), (v,))[1])(noise)
    return (products * noise).flatten(1).sum(1).mean()


def main():
    torch.manual_seed(0)
    model = mlp([1, 16, 16, 1], partial(Sine, 2.0))
    params = {k: v.detach().clone().requires_grad_() for k, v in model.named_parameters()}
    (xs, ys), (xq, yq) = Tasks().batch(3)
    losses = []
    for i in range(len(xs)):
        fast = adapt(model, params, xs[i], ys[i])
        losses.append(F.mse_loss(functional_call(model, fast, (xq[i],)), yq[i]))
    outer = torch.stack(losses).mean()
    outer_grads = torch.autograd.grad(outer, list(params.values()))

    def one(p, x, y):
        return F.mse_loss(functional_call(model, p, (x.unsqueeze(0),)).squeeze(0), y)

    plain = {k: v.detach() for k, v in params.items()}
    per_sample = vmap(grad(one), in_dims=(None, 0, 0))(plain, xs.flatten(0, 1), ys.flatten(0, 1))
    norms = torch.stack([g.flatten(1).norm(dim=1) for g in per_sample.values()]).norm(dim=0)
    clipped = {k: (g * (1.0 / norms.clamp(min=1.0)).view(-1, *[1] * (g.dim() - 1))).mean(0) for k, g in per_sample.items()}
    jacobian = vmap(jacrev(lambda x: functional_call(model, plain, (x,))))(xs[0])
    models = [mlp([1, 8, 1]) for _ in range(4)]
    stacked, buffers = stack_module_state(models)
    base = copy.deepcopy(models[0]).to("meta")
    guesses = vmap(lambda p, b, x: functional_call(base, (p, b), (x,)), in_dims=(0, 0, None))(stacked, buffers, xq[0])
    spread = guesses.std(dim=0)

    teacher = Teacher()
    images, labels = torch.randn(6, 1, 12, 12), torch.randint(10, (6,))
    teacher(images)
    student = Student(teacher)
    with Catcher(student, (nn.Conv2d, nn.Linear)) as caught:
        loss = student.loss(images, labels)
        loss.backward()
    saliency = {name: (r.grad * caught.out[name]).sum(dim=1, keepdim=True).relu() if r.dim() == 4 else r.grad for name, r in caught.back.items()}
    cam = F.interpolate(saliency["body.2"], size=images.shape[-2:], mode="bilinear", align_corners=False)
    parametrize.register_parametrization(student.out, "weight", Mask(student.out.weight))
    kept = (student.out.weight != 0).float().mean()
    norms_by_layer = [d for m in student.modules() if (d := describe(m)) is not None]
    trace = hutchinson(lambda x: torch.tanh(x) * x, torch.randn(5))
    probe = torch.linalg.lstsq(caught.out["body.2"].flatten(1), F.one_hot(labels, 10).float()).solution
    print(outer_grads[0].shape, norms.shape, clipped["0.weight"].shape, jacobian.shape, spread.shape, cam.shape, kept, len(norms_by_layer), trace, probe.shape)


if __name__ == "__main__":
    main()
