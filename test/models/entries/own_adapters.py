"""LoRA and other adapters that are put into a model from outside, and merged."""
# modules: own_adapters

import math
from functools import partial

import torch
from torch import Tensor, nn


class LoRALinear(nn.Module):
    def __init__(self, base: nn.Linear, rank: int = 4, alpha: float = 8.0):
        super().__init__()
        self.base = base
        for p in self.base.parameters():
            p.requires_grad_(False)
        out_features, in_features = base.weight.shape
        self.lora_A = nn.Parameter(torch.empty(rank, in_features))
        self.lora_B = nn.Parameter(torch.zeros(out_features, rank))
        nn.init.kaiming_uniform_(self.lora_A, a=math.sqrt(5))
        self.scaling = alpha / rank

    def forward(self, x: Tensor) -> Tensor:
        low = x @ self.lora_A.t()
        return self.base(x) + (low @ self.lora_B.mT) * self.scaling

    def merged(self) -> nn.Linear:
        out = nn.Linear(self.base.in_features, self.base.out_features, bias=self.base.bias is not None)
        with torch.no_grad():
            out.weight.copy_(self.base.weight + self.scaling * self.lora_B @ self.lora_A)
            if self.base.bias is not None:
                out.bias.copy_(self.base.bias)
        return out


class DoRALinear(LoRALinear):
    def __init__(self, base, rank=4, alpha=8.0):
        super().__init__(base, rank, alpha)
        self.magnitude = nn.Parameter(base.weight.norm(dim=1, keepdim=True).detach())

    def forward(self, x):
        weight = self.base.weight + self.scaling * (self.lora_B @ self.lora_A)
        direction = weight / weight.norm(dim=1, keepdim=True)
        return nn.functional.linear(x, self.magnitude * direction, self.base.bias)


class Bottleneck(nn.Module):
    def __init__(self, dim, reduce=4):
        super().__init__()
        self.net = nn.Sequential(nn.LayerNorm(dim), nn.Linear(dim, dim // reduce), nn.SiLU(), nn.Linear(dim // reduce, dim))

    def forward(self, x):
        return x + self.net(x)


class Mlp(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.fc1 = nn.Linear(dim, hidden)
        self.fc2 = nn.Linear(hidden, dim)

    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x)))


class Encoder(nn.Module):
    def __init__(self, dim=24, depth=2, heads=3):
        super().__init__()
        self.norms = nn.ModuleList(nn.LayerNorm(dim) for _ in range(2 * depth))
        self.attns = nn.ModuleList([nn.MultiheadAttention(dim, heads, batch_first=True) for _ in range(depth)])
        self.mlps = nn.ModuleList([Mlp(dim, 4 * dim) for _ in range(depth)])

    def forward(self, x):
        for i, (attn, mlp) in enumerate(zip(self.attns, self.mlps)):
            y = self.norms[2 * i](x)
            y, weights = attn(y, y, y)
            x = x + y
            x = x + mlp(self.norms[2 * i + 1](x))
        return x


def replace_modules(model, predicate, make):
    for name, child in list(model.named_children()):
        if predicate(name, child):
            setattr(model, name, make(child))
        else:
            replace_modules(child, predicate, make)
    return model


def trainable(model):
    return {name: p for name, p in model.named_parameters() if p.requires_grad}


model = Encoder()
x = torch.randn(2, 5, 24)
before = model(x)
replace_modules(model.mlps, lambda name, m: isinstance(m, nn.Linear) and name == "fc1", LoRALinear)
replace_modules(model.mlps, lambda name, m: isinstance(m, nn.Linear) and name.endswith("fc2"), partial(DoRALinear, rank=2))
for i, mlp in enumerate(model.mlps):
    model.mlps[i] = nn.Sequential(mlp, Bottleneck(24))
after = model(x)
params = trainable(model)
optimizer = torch.optim.SGD(params.values(), lr=0.1, momentum=0.9)
loss = (after - before).pow(2).mean()
loss.backward()
optimizer.step()
grads = {name: p.grad.norm() for name, p in params.items() if p.grad is not None}
total = torch.stack(list(grads.values())).norm()
first = model.mlps[0][0].fc1
merged = first.merged()
print(total, merged(x).shape, torch.allclose(merged(x), first(x), atol=1e-5))
