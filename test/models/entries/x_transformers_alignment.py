"""x-transformers: preferences (DPO), a language model with numbers in it, weights of an MLP as tokens."""
# modules: x_transformers.*

import torch
from x_transformers import DPO, Decoder, Encoder, NeoMLP, TransformerWrapper, XValAutoregressiveWrapper, XValTransformerWrapper

policy = TransformerWrapper(
    num_tokens=16, max_seq_len=12, use_abs_pos_emb=False, attn_layers=Decoder(dim=32, depth=1, heads=4, attn_dim_head=8, alibi_pos_bias=True, alibi_num_heads=2, ff_swish=True)
)
dpo = DPO(policy, pad_id=0)
prompts = torch.arange(12) < torch.tensor([4, 6])[:, None]
loss = dpo(torch.randint(0, 16, (2, 12)), torch.randint(0, 16, (2, 12)), prompt_mask=prompts)
loss.backward()

numbers = XValAutoregressiveWrapper(
    XValTransformerWrapper(num_tokens=12, numerical_token_id=3, max_seq_len=16, attn_layers=Decoder(dim=32, depth=1, heads=2, attn_dim_head=16, rotary_pos_emb=True))
)
ids, values = torch.randint(0, 12, (2, 10)), torch.randn(2, 10)
mixed = numbers(ids, values)
mixed.backward()
sampled = numbers.generate(ids[:, :3], values[:, :3], 4)

neo = NeoMLP(dim_in=4, dim_hidden=6, dim_out=3, dim_model=32, depth=2, encoder_kwargs=dict(heads=2, attn_dim_head=8))
points = neo(torch.randn(5, 4))
print(loss, mixed, sampled[0].shape, points.shape)
