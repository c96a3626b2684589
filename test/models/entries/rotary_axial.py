"""rotary-embedding-torch in video attention: axial positions with offsets, cached keys while decoding, θ that is stretched."""
# modules: rotary_embedding_torch.*

import torch
import torch.nn.functional as F
from einops import rearrange
from rotary_embedding_torch import RotaryEmbedding, apply_rotary_emb
from torch import nn


class VideoAttention(nn.Module):
    def __init__(self, dim=48, heads=3):
        super().__init__()
        self.heads = heads
        self.rope = RotaryEmbedding(dim=4, freqs_for="pixel", max_freq=32)
        self.to_qkv = nn.Linear(dim, 3 * dim, bias=False)
        self.out = nn.Linear(dim, dim)

    def forward(self, video, offsets=None):
        frames, height, width = video.shape[1:4]
        q, k, v = rearrange(self.to_qkv(video), "b f h w (three n d) -> three b n f h w d", three=3, n=self.heads)
        freqs = self.rope.get_axial_freqs(frames, height, width, offsets=offsets)
        q, k = apply_rotary_emb(freqs, q), apply_rotary_emb(freqs, k)
        q, k, v = (rearrange(t, "b n f h w d -> b n (f h w) d") for t in (q, k, v))
        mixed = F.scaled_dot_product_attention(q, k, v)
        return self.out(rearrange(mixed, "b n (f h w) d -> b f h w (n d)", f=frames, h=height))


class CachedDecoder(nn.Module):
    def __init__(self, dim=32, heads=2, **rope):
        super().__init__()
        self.heads = heads
        self.rope = RotaryEmbedding(dim=dim // heads // 2, **rope)
        self.project = nn.Linear(dim, dim * 3)

    def step(self, x, cache=None):
        q, k, v = rearrange(self.project(x), "b s (t h d) -> t b h s d", t=3, h=self.heads)
        if cache is not None:
            k, v = torch.cat((cache[0], k), dim=-2), torch.cat((cache[1], v), dim=-2)
        turned_q, turned_k = self.rope.rotate_queries_with_cached_keys(q, k)
        scores = torch.einsum("bhid,bhjd->bhij", turned_q, turned_k) * q.shape[-1] ** -0.5
        return rearrange(scores.softmax(-1) @ v, "b h s d -> b s (h d)"), (k, v)


attention = VideoAttention()
video = torch.randn(2, 3, 4, 5, 48)
print(attention(video).shape, attention(video, offsets=(0.0, 0.5, 1.0)).shape)
for options in (dict(use_xpos=True), dict(theta_rescale_factor=2.0), dict(interpolate_factor=4.0, cache_if_possible=False), dict(freqs_for="constant", num_freqs=4)):
    decoder = CachedDecoder(**options)
    cache = None
    for length in (5, 1, 1):
        out, cache = decoder.step(torch.randn(2, length, 32), cache)
    print(out.shape, cache[0].shape)
custom = RotaryEmbedding(dim=8, custom_freqs=torch.linspace(0.1, 1.0, 4))
print(custom.rotate_queries_or_keys(torch.randn(2, 3, 7, 16), offset=2).shape, custom(torch.arange(6)).shape)
