"""torch.func and hooks: ensembles with vmap, gradients of each sample, Hessians, recorded activations, checkpoints."""
# modules: own_functional

import contextlib
from collections import OrderedDict, defaultdict

import torch
from torch import nn
from torch.func import functional_call, grad, hessian, jacrev, stack_module_state, vmap
from torch.utils.checkpoint import checkpoint


class Net(nn.Module):
    def __init__(self, d_in=6, hidden=10, d_out=3):
        super().__init__()
        self.body = nn.Sequential(
            OrderedDict([("fc1", nn.Linear(d_in, hidden)), ("act", nn.Tanh()), ("fc2", nn.Linear(hidden, hidden)), ("drop", nn.Dropout(0.0))])
        )
        self.head = nn.Linear(hidden, d_out)

    def features(self, x):
        return self.body(x)

    def forward(self, x):
        h = checkpoint(self.features, x, use_reentrant=False) if self.training else self.features(x)
        return self.head(h)


class Activations:
    """Keeps what the modules give, in a with statement."""

    def __init__(self, model, kinds=(nn.Linear,)):
        self.model, self.kinds = model, kinds
        self.values = defaultdict(list)
        self.handles = []

    def __enter__(self):
        for name, module in self.model.named_modules():
            if isinstance(module, self.kinds):
                self.handles.append(module.register_forward_hook(self.hook(name)))
        return self

    def hook(self, name):
        def inner(module, args, output):
            self.values[name].append(output.detach())

        return inner

    def __exit__(self, *exc):
        for handle in self.handles:
            handle.remove()
        return False


@contextlib.contextmanager
def evaluating(model):
    was = model.training
    model.eval()
    try:
        yield model
    finally:
        model.train(was)


def loss_fn(params, buffers, model, x, y):
    logits = functional_call(model, (params, buffers), (x.unsqueeze(0),))
    return nn.functional.cross_entropy(logits, y.unsqueeze(0))


x, y = torch.randn(5, 6), torch.tensor([0, 2, 1, 1, 0])
model = Net()
params = {k: v.detach() for k, v in model.named_parameters()}
buffers = dict(model.named_buffers())

model.eval()
per_sample = vmap(grad(lambda p, a, b: loss_fn(p, buffers, model, a, b)), in_dims=(None, 0, 0))(params, x, y)
norms = torch.stack([g.flatten(1).norm(dim=1) for g in per_sample.values()]).norm(dim=0)

nets = [Net() for _ in range(4)]
stacked, stacked_buffers = stack_module_state(nets)
base = Net().to("cpu").eval()


def call(p, b, data):
    return functional_call(base, (p, b), (data,))


ensemble = vmap(call, in_dims=(0, 0, None))(stacked, stacked_buffers, x)
mean, spread = ensemble.mean(0), ensemble.std(0)

J = vmap(jacrev(base))(x)
f = lambda v: (base(v) ** 2).sum()  # noqa: E731
H = hessian(f)(x[0])
batched = vmap(torch.dot)(x, x)
pairwise = vmap(vmap(lambda a, b: (a - b).norm(), (None, 0)), (0, None))(x, x)

with evaluating(model) as m, Activations(m) as record, torch.no_grad():
    m(x)
    m(x[:2])
shapes = {name: [tuple(v.shape) for v in values] for name, values in record.values.items()}
first = torch.cat(record.values["body.fc1"])

model.train()
out = model(x.requires_grad_())
handle = out.register_hook(lambda g: g * 2)
(gx,) = torch.autograd.grad(out.sum(), x)
ema = {k: v.clone() for k, v in model.state_dict().items()}
for k, v in model.state_dict().items():
    ema[k].mul_(0.9).add_(v, alpha=0.1)
flat = torch.nn.utils.parameters_to_vector(model.parameters())
swapped = functional_call(model.eval(), ema, (x,))
print(norms.shape, mean.shape, spread.shape, J.shape, H.shape, batched.shape, pairwise.shape, shapes, first.shape, gx.shape, flat.shape, swapped.shape)
