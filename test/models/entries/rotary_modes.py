"""The other modes of rotary-embedding-torch: xpos, axial positions, learned ones."""
# modules: rotary_embedding_torch.*

import torch
from rotary_embedding_torch import RotaryEmbedding, apply_rotary_emb, apply_learned_rotations

q = torch.randn(1, 4, 12, 32)
k = torch.randn(1, 4, 12, 32)

xpos = RotaryEmbedding(dim=16, use_xpos=True)
q_x, k_x = xpos.rotate_queries_and_keys(q, k)
print(q_x.shape, k_x.shape)

longer = RotaryEmbedding(dim=16, interpolate_factor=2.0, seq_before_head_dim=True)
print(longer.rotate_queries_or_keys(torch.randn(1, 12, 4, 32)).shape)

pixels = RotaryEmbedding(dim=8, freqs_for="pixel", max_freq=64)
freqs = pixels.get_axial_freqs(6, 5)
image = apply_rotary_emb(freqs, torch.randn(1, 6, 5, 32))
print(freqs.shape, image.shape)

learned = RotaryEmbedding(dim=16, learned_freq=True)
print(learned.rotate_queries_with_cached_keys(q[..., -1:, :], k)[1].shape)

rotations = torch.randn(12, 8)
print(apply_learned_rotations(rotations, torch.randn(1, 4, 12, 16)).shape)
