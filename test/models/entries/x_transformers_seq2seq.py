"""A tiny encoder and decoder of x-transformers."""
# modules: x_transformers.*

import torch
from x_transformers import XTransformer

model = XTransformer(
    dim=32, enc_num_tokens=20, enc_depth=1, enc_heads=4, enc_max_seq_len=16, dec_num_tokens=20, dec_depth=1, dec_heads=4, dec_max_seq_len=16
)
src = torch.randint(0, 20, (2, 8))
loss = model(src, torch.randint(0, 20, (2, 9)), mask=torch.ones_like(src).bool())
print(loss.shape)
