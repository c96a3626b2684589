"""A Llama-style decoder: grouped-query attention, half-split RoPE, a key-value cache, prefill and decode."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Tuple

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor, nn

Cache = Tuple[Tensor, Tensor]


@dataclass(frozen=True)
class LlamaConfig:
    vocab_size: int = 90
    hidden_size: int = 48
    intermediate_size: int = 112
    num_hidden_layers: int = 2
    num_attention_heads: int = 6
    num_key_value_heads: int = 2
    rms_norm_eps: float = 1e-6
    rope_theta: float = 500_000.0

    @property
    def head_dim(self) -> int:
        return self.hidden_size // self.num_attention_heads


class RMSNorm(nn.Module):
    def __init__(self, hidden_size: int, eps: float = 1e-6) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.eps = eps

    def forward(self, hidden_states: Tensor) -> Tensor:
        x = hidden_states.float()
        power = x.square().mean(dim=-1, keepdim=True)
        x = x * (power + self.eps).rsqrt()
        return x.type_as(hidden_states) * self.weight


class RotaryEmbedding(nn.Module):
    inv_freq: Tensor

    def __init__(self, config: LlamaConfig) -> None:
        super().__init__()
        steps = torch.arange(0, config.head_dim, 2, dtype=torch.float32)
        inv_freq = config.rope_theta ** (-steps / config.head_dim)
        self.register_buffer("inv_freq", inv_freq, persistent=False)

    @torch.no_grad()
    def forward(self, position_ids: Tensor) -> Tuple[Tensor, Tensor]:
        angles = position_ids[:, :, None].float() * self.inv_freq[None, None, :]
        emb = torch.cat((angles, angles), dim=-1)
        return emb.cos(), emb.sin()


def rotate_half(x: Tensor) -> Tensor:
    first, second = x.chunk(2, dim=-1)
    return torch.cat((-second, first), dim=-1)


def apply_rotary(q: Tensor, k: Tensor, cos: Tensor, sin: Tensor) -> Tuple[Tensor, Tensor]:
    cos, sin = cos.unsqueeze(1), sin.unsqueeze(1)
    return q * cos + rotate_half(q) * sin, k * cos + rotate_half(k) * sin


def repeat_kv(states: Tensor, n_rep: int) -> Tensor:
    """Let n_rep query heads in a row share each key or value head, without a copy until the end."""
    if n_rep == 1:
        return states
    batch, kv_heads, *rest = states.shape
    shared = states.unsqueeze(2).expand(-1, -1, n_rep, -1, -1)
    return shared.reshape(batch, kv_heads * n_rep, *rest)


class Attention(nn.Module):
    def __init__(self, config: LlamaConfig) -> None:
        super().__init__()
        self.num_heads = config.num_attention_heads
        self.num_kv_heads = config.num_key_value_heads
        self.n_rep = self.num_heads // self.num_kv_heads
        self.scale = config.head_dim ** -0.5

        kv_size = self.num_kv_heads * config.head_dim
        self.q_proj = nn.Linear(config.hidden_size, self.num_heads * config.head_dim, bias=False)
        self.k_proj = nn.Linear(config.hidden_size, kv_size, bias=False)
        self.v_proj = nn.Linear(config.hidden_size, kv_size, bias=False)
        self.o_proj = nn.Linear(self.num_heads * config.head_dim, config.hidden_size, bias=False)

    def forward(
        self,
        hidden_states: Tensor,
        cos: Tensor,
        sin: Tensor,
        mask: Optional[Tensor] = None,
        past: Optional[Cache] = None,
    ) -> Tuple[Tensor, Cache]:
        q = rearrange(self.q_proj(hidden_states), "b s (h d) -> b h s d", h=self.num_heads)
        k = rearrange(self.k_proj(hidden_states), "b s (h d) -> b h s d", h=self.num_kv_heads)
        v = rearrange(self.v_proj(hidden_states), "b s (h d) -> b h s d", h=self.num_kv_heads)
        q, k = apply_rotary(q, k, cos, sin)

        if past is not None:
            past_k, past_v = past
            k = torch.cat([past_k, k], dim=2)
            v = torch.cat([past_v, v], dim=2)
        present = (k, v)

        k, v = repeat_kv(k, self.n_rep), repeat_kv(v, self.n_rep)
        weights = torch.matmul(q, k.transpose(2, 3)) * self.scale
        if mask is not None:
            weights = weights + mask[:, :, :, : k.shape[-2]]
        weights = F.softmax(weights, dim=-1, dtype=torch.float32).to(q.dtype)
        out = torch.matmul(weights, v)
        return self.o_proj(rearrange(out, "b h s d -> b s (h d)")), present


class SwiGLU(nn.Module):
    def __init__(self, config: LlamaConfig) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.up_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.down_proj = nn.Linear(config.intermediate_size, config.hidden_size, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class DecoderLayer(nn.Module):
    def __init__(self, config: LlamaConfig) -> None:
        super().__init__()
        self.input_norm = RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.attention = Attention(config)
        self.post_norm = RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.mlp = SwiGLU(config)

    def forward(self, x, cos, sin, mask=None, past=None):
        residual = x
        x, present = self.attention(self.input_norm(x), cos=cos, sin=sin, mask=mask, past=past)
        x = residual + x
        x = x + self.mlp(self.post_norm(x))
        return x, present


class LlamaModel(nn.Module):
    def __init__(self, config: LlamaConfig) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.rotary = RotaryEmbedding(config)
        self.layers = nn.ModuleList([DecoderLayer(config) for _ in range(config.num_hidden_layers)])
        self.norm = RMSNorm(config.hidden_size)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)

    def forward(self, input_ids: Tensor, caches: Optional[List[Cache]] = None):
        batch, length = input_ids.shape
        start = 0 if caches is None else caches[0][0].size(2)
        position_ids = torch.arange(start, start + length).unsqueeze(0).expand(batch, -1)

        hidden_states = self.embed_tokens(input_ids)
        cos, sin = self.rotary(position_ids)

        mask = None
        if length > 1:
            mask = torch.full((length, start + length), float("-inf")).triu(start + 1)
            mask = mask[None, None]

        presents = []
        for i, layer in enumerate(self.layers):
            past = caches[i] if caches is not None else None
            hidden_states, present = layer(hidden_states, cos, sin, mask, past=past)
            presents.append(present)
        return self.lm_head(self.norm(hidden_states)), presents


if __name__ == "__main__":
    torch.manual_seed(0)
    model = LlamaModel(LlamaConfig()).eval()
    prompt = torch.randint(0, 90, (2, 10))

    with torch.no_grad():
        logits, caches = model(prompt)
        for step in range(3):
            next_token = logits[:, -1, :].argmax(dim=-1, keepdim=True)
            logits, caches = model(next_token, caches)
            print(f"step {step}: logits {tuple(logits.shape)}, keys {tuple(caches[0][0].shape)}")
