"""A decoder of the x-transformers package."""
# modules: x_transformers.*

import torch
from x_transformers import Decoder, TransformerWrapper

model = TransformerWrapper(
    num_tokens=99,
    max_seq_len=32,
    attn_layers=Decoder(dim=32, depth=2, heads=4, rotary_pos_emb=True, ff_glu=True),
)
logits = model(torch.randint(0, 99, (2, 16)))
print(logits.shape)
