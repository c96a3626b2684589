"""A Transformer-XL of x-transformers: segments that remember, and numbers that go on."""
# modules: x_transformers.*

import torch
from x_transformers import ContinuousAutoregressiveWrapper, ContinuousTransformerWrapper, Decoder, TransformerWrapper, XLAutoregressiveWrapper

model = TransformerWrapper(
    num_tokens=32,
    max_seq_len=8,
    max_mem_len=8,
    attn_layers=Decoder(dim=32, depth=2, heads=4, attn_dim_head=8, rel_pos_bias=True, pre_norm_has_final_norm=True),
)
segments = XLAutoregressiveWrapper(model)
tokens = torch.randint(0, 32, (2, 17))
loss = segments(tokens)
generated = segments.eval().generate(tokens[:, :6], 4)
print(loss, generated.shape)

curve = ContinuousAutoregressiveWrapper(
    ContinuousTransformerWrapper(dim_in=3, dim_out=3, max_seq_len=16, attn_layers=Decoder(dim=32, depth=1, heads=4, attn_dim_head=8, rotary_xpos=True))
)
lengths = torch.tensor([12, 9])
mask = torch.arange(12) < lengths[:, None]
error = curve(torch.randn(2, 12, 3), mask=mask)
more = curve.generate(torch.randn(2, 4, 3), 3)
print(error, more.shape)
