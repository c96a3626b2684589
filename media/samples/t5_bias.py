"""Bucketed relative position bias in the manner of T5, in an encoder and in a decoder with memory."""

import math
from typing import NamedTuple, Optional

import torch
from torch import nn


class Sizes(NamedTuple):
    d_model: int = 44
    d_kv: int = 8
    num_heads: int = 6  # num_heads * d_kv need not be d_model
    d_ff: int = 72
    num_buckets: int = 16
    max_distance: int = 40


def bucket(offset, two_sided, count, max_distance):
    """Near offsets get a bucket each, far ones share buckets that grow logarithmically."""
    side = torch.zeros_like(offset)
    if two_sided:
        count = count // 2
        side = (offset > 0).long() * count
        distance = offset.abs()
    else:
        distance = (-offset).clamp(min=0)

    exact = count // 2
    ratio = distance.clamp(min=1).float() / exact
    growth = torch.log(ratio) / math.log(max_distance / exact)
    coarse = exact + (growth * (count - exact)).long()
    coarse = torch.minimum(coarse, torch.tensor(count - 1))
    return side + torch.where(distance < exact, distance, coarse)


class RelativeBias(nn.Module):
    def __init__(self, sizes: Sizes, bidirectional: bool):
        super().__init__()
        self.bidirectional = bidirectional
        self.num_buckets = sizes.num_buckets
        self.max_distance = sizes.max_distance
        self.embedding = nn.Embedding(sizes.num_buckets, sizes.num_heads)

    def forward(self, query_length, key_length):
        context = torch.arange(query_length, dtype=torch.long)[:, None]
        memory = torch.arange(key_length, dtype=torch.long)[None, :]
        buckets = bucket(
            memory - context,
            two_sided=self.bidirectional,
            count=self.num_buckets,
            max_distance=self.max_distance,
        )
        values = self.embedding(buckets)
        return values.permute([2, 0, 1]).unsqueeze(0)


class Attention(nn.Module):
    """Attention without a scale: the bias and the initialisation stand in for it."""

    def __init__(self, sizes: Sizes):
        super().__init__()
        inner = sizes.num_heads * sizes.d_kv
        self.n_heads, self.d_kv, self.inner = sizes.num_heads, sizes.d_kv, inner
        self.q = nn.Linear(sizes.d_model, inner, bias=False)
        self.k = nn.Linear(sizes.d_model, inner, bias=False)
        self.v = nn.Linear(sizes.d_model, inner, bias=False)
        self.o = nn.Linear(inner, sizes.d_model, bias=False)

    def forward(self, x, memory=None, bias: Optional[torch.Tensor] = None):
        batch_size = x.shape[0]
        source = memory if memory is not None else x

        def shape(states):
            return states.view(batch_size, -1, self.n_heads, self.d_kv).transpose(1, 2)

        def unshape(states):
            return states.transpose(1, 2).contiguous().view(batch_size, -1, self.inner)

        query_states = shape(self.q(x))
        key_states = shape(self.k(source))
        value_states = shape(self.v(source))

        scores = torch.matmul(query_states, key_states.transpose(3, 2))
        if bias is not None:
            scores += bias
        weights = nn.functional.softmax(scores.float(), dim=-1).type_as(scores)
        return self.o(unshape(torch.matmul(weights, value_states)))


class FeedForward(nn.Module):
    def __init__(self, sizes: Sizes):
        super().__init__()
        self.wi_0 = nn.Linear(sizes.d_model, sizes.d_ff, bias=False)
        self.wi_1 = nn.Linear(sizes.d_model, sizes.d_ff, bias=False)
        self.wo = nn.Linear(sizes.d_ff, sizes.d_model, bias=False)
        self.act = nn.GELU(approximate="tanh")

    def forward(self, x):
        gate = self.act(self.wi_0(x))
        return self.wo(gate * self.wi_1(x))


class Stack(nn.Module):
    def __init__(self, sizes: Sizes, depth: int, is_decoder: bool = False):
        super().__init__()
        self.is_decoder = is_decoder
        self.bias = RelativeBias(sizes, bidirectional=not is_decoder)
        self.attn = nn.ModuleList(Attention(sizes) for _ in range(depth))
        self.cross = nn.ModuleList(Attention(sizes) for _ in range(depth)) if is_decoder else None
        self.ff = nn.ModuleList(FeedForward(sizes) for _ in range(depth))
        self.norms = nn.ModuleList(nn.RMSNorm(sizes.d_model) for _ in range(3 * depth))

    def extended_mask(self, keep, length):
        if self.is_decoder:
            causal = torch.ones(length, length).tril()
            return (1.0 - causal[None, None]) * torch.finfo(torch.float32).min
        return (1.0 - keep[:, None, None, :].float()) * -1e9

    def forward(self, x, keep=None, memory=None, memory_bias=None):
        length = x.size(1)
        position_bias = self.bias(length, length)  # one table, shared by all layers
        position_bias = position_bias + self.extended_mask(keep, length)

        for i, (attn, ff) in enumerate(zip(self.attn, self.ff)):
            x = x + attn(self.norms[3 * i](x), bias=position_bias)
            if self.cross is not None:
                x = x + self.cross[i](self.norms[3 * i + 1](x), memory=memory, bias=memory_bias)
            x = x + ff(self.norms[3 * i + 2](x))
        return x


class EncoderDecoder(nn.Module):
    def __init__(self, vocab_size, sizes=Sizes(), depth=2):
        super().__init__()
        self.sizes = sizes
        self.shared = nn.Embedding(vocab_size, sizes.d_model)
        self.encoder = Stack(sizes, depth)
        self.decoder = Stack(sizes, depth, is_decoder=True)

    def forward(self, input_ids, decoder_input_ids):
        keep = input_ids.ne(0)
        encoded = self.encoder(self.shared(input_ids), keep=keep)
        memory_bias = torch.where(keep, 0.0, -1e9)[:, None, None, :]
        decoded = self.decoder(self.shared(decoder_input_ids), memory=encoded, memory_bias=memory_bias)
        return (decoded * self.sizes.d_model ** -0.5) @ self.shared.weight.t()


if __name__ == "__main__":
    torch.manual_seed(0)
    model = EncoderDecoder(vocab_size=70)
    source = torch.randint(1, 70, (2, 15))
    source[1, 11:] = 0
    target = torch.randint(1, 70, (2, 9))
    logits = model(source, target)
    print(f"{logits.shape = }")
