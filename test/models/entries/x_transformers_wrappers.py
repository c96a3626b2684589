"""Wrappers of x-transformers: a non-autoregressive one, XL memories, sequences in chunks, an autoregressive one with sampling, an encoder of images."""
# modules: x_transformers.*

import torch
from x_transformers import AutoregressiveWrapper, Decoder, Encoder, NonAutoregressiveWrapper, TransformerWrapper, ViTransformerWrapper, XTransformer
from x_transformers.continuous import ContinuousAutoregressiveWrapper, ContinuousTransformerWrapper

tokens = torch.randint(0, 16, (2, 12))
net = TransformerWrapper(num_tokens=17, max_seq_len=12, logits_dim=16, attn_layers=Encoder(dim=32, depth=1, heads=4, attn_dim_head=8, dynamic_pos_bias=True))
filler = NonAutoregressiveWrapper(net, mask_id=16, steps=3)
losses = filler(tokens)
losses.loss.backward()

lm = AutoregressiveWrapper(
    TransformerWrapper(
        num_tokens=16, max_seq_len=16, attn_layers=Decoder(dim=32, depth=2, heads=4, attn_dim_head=8, rel_pos_bias=True, ff_glu=True, attn_num_mem_kv=2)
    ),
    pad_value=0,
)
loss = lm(tokens)
loss.backward()
lm.eval()
sampled = lm.generate(tokens[:, :3], 4, temperature=0.8)

seq2seq = XTransformer(
    dim=32, enc_num_tokens=16, enc_depth=1, enc_heads=4, enc_max_seq_len=12, enc_attn_dim_head=8,
    dec_num_tokens=16, dec_depth=1, dec_heads=4, dec_max_seq_len=12, dec_attn_dim_head=8, tie_token_emb=True,
)
src_mask = torch.ones_like(tokens).bool()
total = seq2seq(tokens, tokens, mask=src_mask)
total.backward()

series = ContinuousAutoregressiveWrapper(
    ContinuousTransformerWrapper(dim_in=6, dim_out=6, max_seq_len=16, attn_layers=Decoder(dim=32, depth=1, heads=4, attn_dim_head=8))
)
error = series(torch.randn(2, 10, 6))
future = series.generate(torch.randn(1, 4, 6), 3)
eyes = ViTransformerWrapper(image_size=32, patch_size=8, num_classes=5, attn_layers=Encoder(dim=32, depth=1, heads=4, attn_dim_head=8))
print(sampled.shape, total, error, future.shape, eyes(torch.randn(2, 3, 32, 32)).shape)
