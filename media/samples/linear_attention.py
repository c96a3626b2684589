"""Linear attention with the feature map elu(x) + 1, causal and not, beside softmax attention."""

from typing import Callable, Optional

import torch
import torch.nn.functional as F
from torch import Tensor, nn

FeatureMap = Callable[[Tensor], Tensor]


def elu_feature_map(x: Tensor) -> Tensor:
    return F.elu(x) + 1


def softmax_attention(q: Tensor, k: Tensor, v: Tensor, causal: bool = False) -> Tensor:
    n, m = q.shape[1], k.shape[1]
    logits = torch.einsum("bqhd,bkhd->bhqk", q, k) / q.shape[-1] ** 0.5
    if causal:
        future = torch.ones(n, m, dtype=torch.bool).triu(1)
        logits = logits.masked_fill(future, -torch.inf)
    return torch.einsum("bhqk,bkhd->bqhd", logits.softmax(-1), v)


def linear_attention(
    q: Tensor, k: Tensor, v: Tensor, key_mask: Optional[Tensor] = None, eps: float = 1e-6
) -> Tensor:
    """Sum the keys and values once, then ask every query of that one summary."""
    if key_mask is not None:
        k = k * key_mask[:, :, None, None]
    summary = torch.einsum("bkhd,bkhm->bhdm", k, v)
    scale = 1 / (torch.einsum("bqhd,bhd->bqh", q, k.sum(dim=1)) + eps)
    return torch.einsum("bqhd,bhdm,bqh->bqhm", q, summary, scale).contiguous()


def causal_linear_attention(q: Tensor, k: Tensor, v: Tensor, eps: float = 1e-6) -> Tensor:
    """The same with running sums, one summary for each position."""
    outer = k.unsqueeze(-1) * v.unsqueeze(-2)
    summaries = outer.cumsum(dim=1)
    norms = k.cumsum(dim=1)
    numerator = (q.unsqueeze(-2) @ summaries).squeeze(-2)
    denominator = (q * norms).sum(dim=-1, keepdim=True) + eps
    return numerator / denominator


class RecurrentState:
    """The causal form, one token at a time, as at inference."""

    def __init__(self, batch: int, heads: int, key_dim: int, value_dim: int):
        self.summary = torch.zeros(batch, heads, key_dim, value_dim)
        self.norm = torch.zeros(batch, heads, key_dim)

    def step(self, q: Tensor, k: Tensor, v: Tensor, eps: float = 1e-6) -> Tensor:
        self.summary = self.summary + k[..., :, None] * v[..., None, :]
        self.norm += k
        numerator = torch.einsum("bhd,bhdm->bhm", q, self.summary)
        denominator = torch.einsum("bhd,bhd->bh", q, self.norm) + eps
        return numerator / denominator[..., None]


class AttentionLayer(nn.Module):
    KINDS = ("softmax", "linear")

    def __init__(
        self,
        d_model: int,
        n_heads: int,
        d_keys: Optional[int] = None,
        d_values: Optional[int] = None,
        kind: str = "linear",
        causal: bool = False,
        feature_map: FeatureMap = elu_feature_map,
    ):
        super().__init__()
        if kind not in self.KINDS:
            raise ValueError(f"unknown kind {kind!r}")
        d_keys = d_keys or d_model // n_heads
        d_values = d_values or d_model // n_heads
        self.kind, self.causal, self.feature_map = kind, causal, feature_map
        self.n_heads = n_heads
        self.query = nn.Linear(d_model, d_keys * n_heads)
        self.key = nn.Linear(d_model, d_keys * n_heads)
        self.value = nn.Linear(d_model, d_values * n_heads)
        self.out = nn.Linear(d_values * n_heads, d_model)

    def project(self, x: Tensor):
        batch, length, _ = x.shape
        shape = batch, length, self.n_heads, -1
        return (
            self.query(x).view(shape),
            self.key(x).view(shape),
            self.value(x).view(shape),
        )

    def forward(self, x: Tensor, key_mask: Optional[Tensor] = None) -> Tensor:
        q, k, v = self.project(x)
        if self.kind == "softmax":
            mixed = softmax_attention(q, k, v, self.causal)
        else:
            q, k = self.feature_map(q), self.feature_map(k)
            mixed = causal_linear_attention(q, k, v) if self.causal else linear_attention(q, k, v, key_mask)
        return self.out(mixed.reshape(*x.shape[:2], -1))


def recurrent_forward(layer: AttentionLayer, x: Tensor) -> Tensor:
    q, k, v = layer.project(x)
    q, k = layer.feature_map(q), layer.feature_map(k)
    state = RecurrentState(x.shape[0], layer.n_heads, k.size(-1), v.size(-1))
    outputs = [state.step(q[:, t], k[:, t], v[:, t]) for t in range(x.shape[1])]
    mixed = torch.stack(outputs, dim=1)
    return layer.out(mixed.flatten(start_dim=2))


def main():
    torch.manual_seed(0)
    x = torch.randn(2, 12, 40)
    lengths = torch.tensor([12, 7])
    key_mask = (torch.arange(12)[None, :] < lengths[:, None]).float()

    for kind in AttentionLayer.KINDS:
        for causal in (False, True):
            layer = AttentionLayer(40, 4, d_keys=6, d_values=9, kind=kind, causal=causal)
            y = layer(x, key_mask if kind == "linear" else None)
            print(f"{kind:8} causal={causal!s:5} {tuple(y.shape)}")

    layer = AttentionLayer(40, 5, causal=True)
    parallel = layer(x)
    stepwise = recurrent_forward(layer, x)
    print("largest difference", (parallel - stepwise).abs().max().item())


if __name__ == "__main__":
    main()
