"""A language model of x-transformers: a step of training, then tokens with a cache of keys."""
# modules: x_transformers.*

import torch
from x_transformers import AutoregressiveWrapper, Decoder, TransformerWrapper

model = TransformerWrapper(
    num_tokens=32,
    max_seq_len=24,
    attn_layers=Decoder(
        dim=32,
        depth=2,
        heads=4,
        attn_kv_heads=2,
        attn_dim_head=8,
        rotary_pos_emb=True,
        attn_qk_norm=True,
        ff_swish=True,
        ff_glu=True,
    ),
)
wrapper = AutoregressiveWrapper(model, mask_prob=0.15, pad_value=0)
tokens = torch.randint(1, 32, (2, 13))
loss = wrapper(tokens)
loss.backward()
sampled = wrapper.eval().generate(tokens[:, :5], 4, temperature=0.8, filter_logits_fn="top_k", filter_kwargs=dict(k=5))
greedy = wrapper.generate(tokens[:, :5], 4, temperature=0.0, cache_kv=True)
print(loss, sampled.shape, greedy.shape)
