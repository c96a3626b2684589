"""A small GPT: one fused projection split in three, a mask buffer or the fused kernel, loss and sampling."""

import math
from dataclasses import dataclass, field

import torch
import torch.nn as nn
from torch.nn import functional as F


@dataclass
class GPTConfig:
    block_size: int = 24
    vocab_size: int = 65
    n_layer: int = 2
    n_head: int = 3
    n_embd: int = 48
    dropout: float = 0.0
    fused_layers: list = field(default_factory=lambda: [1])


class CausalSelfAttention(nn.Module):
    def __init__(self, config, fused):
        super().__init__()
        assert config.n_embd % config.n_head == 0
        self.n_head = config.n_head
        self.n_embd = config.n_embd
        self.fused = fused
        self.qkv = nn.Linear(config.n_embd, 3 * config.n_embd)
        self.proj = nn.Linear(config.n_embd, config.n_embd)
        self.drop = nn.Dropout(config.dropout)
        if not fused:
            visible = torch.ones(config.block_size, config.block_size).tril()
            self.register_buffer("visible", visible[None, None])

    def forward(self, x):
        B, T, C = x.size()
        heads = (B, T, self.n_head, C // self.n_head)
        q, k, v = self.qkv(x).split(self.n_embd, dim=2)
        q = q.view(heads).transpose(1, 2)  # (B, nh, T, hs)
        k = k.view(heads).transpose(1, 2)  # (B, nh, T, hs)
        v = v.view(heads).transpose(1, 2)  # (B, nh, T, hs)

        mix = self.fused_attention if self.fused else self.plain_attention
        y = mix(q, k, v).transpose(1, 2).contiguous().view(B, T, C)
        return self.proj(y)

    def fused_attention(self, q, k, v):
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)

    def plain_attention(self, q, k, v):
        T = q.size(-2)
        att = q @ k.transpose(-2, -1) / math.sqrt(q.size(-1))  # (B, nh, T, T)
        att = att.masked_fill(self.visible[:, :, :T, :T] == 0, float("-inf"))
        att = self.drop(F.softmax(att, dim=-1))
        return att @ v


class MLP(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.up = nn.Linear(config.n_embd, 4 * config.n_embd)
        self.down = nn.Linear(4 * config.n_embd, config.n_embd)

    def forward(self, x):
        x = self.up(x)
        x = 0.5 * x * (1.0 + torch.tanh(math.sqrt(2.0 / math.pi) * (x + 0.044715 * x**3)))
        return self.down(x)


class Block(nn.Module):
    def __init__(self, config, index):
        super().__init__()
        self.ln_1 = nn.LayerNorm(config.n_embd)
        self.attn = CausalSelfAttention(config, fused=index in config.fused_layers)
        self.ln_2 = nn.LayerNorm(config.n_embd)
        self.mlp = MLP(config)

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        x = x + self.mlp(self.ln_2(x))
        return x


class GPT(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.parts = nn.ModuleDict(
            {
                "wte": nn.Embedding(config.vocab_size, config.n_embd),
                "wpe": nn.Embedding(config.block_size, config.n_embd),
                "h": nn.ModuleList([Block(config, i) for i in range(config.n_layer)]),
                "ln_f": nn.LayerNorm(config.n_embd),
            }
        )
        self.lm_head = nn.Linear(config.n_embd, config.vocab_size, bias=False)
        self.parts.wte.weight = self.lm_head.weight
        self.apply(self._init_weights)

    def _init_weights(self, module):
        if isinstance(module, (nn.Linear, nn.Embedding)):
            torch.nn.init.normal_(module.weight, mean=0.0, std=0.02)

    @property
    def size(self):
        return sum(p.numel() for p in self.parameters())

    def forward(self, idx, targets=None):
        _, t = idx.size()
        assert t <= self.config.block_size, f"cannot read {t} tokens at once"
        places = torch.arange(t, device=idx.device)

        x = self.parts.wte(idx) + self.parts.wpe(places)
        for block in self.parts["h"]:
            x = block(x)
        x = self.parts.ln_f(x)

        if targets is None:
            return self.lm_head(x[:, [-1], :]), None  # the list keeps the dimension
        logits = self.lm_head(x)
        loss = F.cross_entropy(logits.view(-1, logits.size(-1)), targets.view(-1), ignore_index=-1)
        return logits, loss

    @torch.no_grad()
    def generate(self, idx, steps, temperature=1.0, top_k=None):
        for _ in range(steps):
            window = idx[:, -self.config.block_size :]
            logits = self(window)[0].squeeze(1) / temperature
            if top_k is not None:
                best, _ = logits.topk(min(top_k, logits.size(-1)))
                logits[logits < best[:, [-1]]] = -float("inf")
            probs = logits.softmax(-1)
            idx = torch.cat((idx, torch.multinomial(probs, num_samples=1)), dim=1)
        return idx


if __name__ == "__main__":
    torch.manual_seed(0)
    model = GPT(GPTConfig())
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    data = torch.randint(0, 65, (4, 21))
    inputs, targets = data[:, :-1], data[:, 1:].contiguous()
    for step in range(2):
        logits, loss = model(inputs, targets)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        print(f"step {step}: loss {loss.item():.3f}")

    text = model.generate(data[:1, :5], steps=22, top_k=10)
    print(model.size, text.shape)
