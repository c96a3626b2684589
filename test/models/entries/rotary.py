"""Rotary embeddings of the rotary-embedding-torch package."""
# modules: rotary_embedding_torch.*

import torch
from rotary_embedding_torch import RotaryEmbedding, apply_rotary_emb

rotary = RotaryEmbedding(dim=8)
q = torch.randn(1, 4, 16, 32)
k = torch.randn(1, 4, 16, 32)
q = rotary.rotate_queries_or_keys(q)
k = rotary.rotate_queries_or_keys(k)
print(q.shape, k.shape)

pixels = RotaryEmbedding(dim=8, freqs_for="pixel", max_freq=64)
freqs = pixels.get_axial_freqs(6, 5)
image = apply_rotary_emb(freqs, torch.randn(1, 6, 5, 32))
print(freqs.shape, image.shape)

xpos = RotaryEmbedding(dim=8, use_xpos=True)
a, b = xpos.rotate_queries_and_keys(torch.randn(1, 4, 16, 32), torch.randn(1, 4, 16, 32))
print(a.shape, b.shape)
