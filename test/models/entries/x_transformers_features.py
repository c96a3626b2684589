"""More of what x-transformers offers: rotary with xpos, gates, register tokens, cross attention, kv of fewer heads, multi-input."""
# modules: x_transformers.x_transformers x_transformers.attend

import torch
from x_transformers import CrossAttender, Decoder, Encoder, TransformerWrapper
from x_transformers.multi_input import MultiInputTransformerWrapper

tokens = torch.randint(0, 20, (2, 10))
mask = torch.ones(2, 10, dtype=torch.bool)

lm = TransformerWrapper(
    num_tokens=20,
    max_seq_len=16,
    tie_embedding=True,
    post_emb_norm=True,
    attn_layers=Decoder(
        dim=32, depth=2, heads=4, attn_dim_head=8, attn_kv_heads=2, attn_qk_norm=True, rotary_pos_emb=True, rotary_xpos=True, attn_flash=False,
        ff_relu_squared=True, attn_softclamp_logits=True, use_scalenorm=True, scale_residual=True,
    ),
)
print(lm(tokens).shape)
encoder = Encoder(
    dim=32, depth=2, heads=4, attn_dim_head=8, use_simple_rmsnorm=True, pre_norm=False, gate_residual=True, attn_sparse_topk=3,
    attn_on_attn=True, ff_no_bias=True,
)
memory = encoder(torch.randn(2, 10, 32), mask=mask)
reader = CrossAttender(dim=32, depth=1, heads=2, attn_dim_head=8, cross_attn_dim_context=32)
answer = reader(torch.randn(2, 4, 32), context=memory, context_mask=mask)
print(memory.shape, answer.shape)
multi = MultiInputTransformerWrapper(
    num_tokens=dict(note=20, pitch=8), max_seq_len=16, return_only_embed=True, attn_layers=Decoder(dim=32, depth=1, heads=4, attn_dim_head=8)
)
print(multi(dict(note=tokens, pitch=torch.randint(0, 8, (2, 10)))).shape)
lm.eval()
logits, cache = lm(tokens[:, :6], return_intermediates=True)
step = lm(tokens[:, :7], cache=cache)
print(logits.shape, step.shape)
