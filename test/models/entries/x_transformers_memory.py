"""A tiny model of x-transformers that recalls: memory tokens, ALiBi, memories of earlier segments, gates."""
# modules: x_transformers.x_transformers x_transformers.attend

import torch
from x_transformers import ContinuousTransformerWrapper, Decoder, Encoder, TransformerWrapper

encoder = TransformerWrapper(
    num_tokens=20,
    max_seq_len=16,
    num_memory_tokens=3,
    emb_dim=24,
    attn_layers=Encoder(
        dim=32,
        depth=2,
        heads=4,
        attn_dim_head=8,
        alibi_pos_bias=True,
        alibi_num_heads=2,
        attn_num_mem_kv=2,
        attn_pre_talking_heads=True,
        attn_post_talking_heads=True,
        use_rmsnorm=True,
        ff_glu=True,
        ff_swish=True,
    ),
)
decoder = TransformerWrapper(
    num_tokens=20,
    max_seq_len=8,
    max_mem_len=8,
    shift_mem_down=1,
    attn_layers=Decoder(
        dim=32,
        depth=2,
        heads=4,
        attn_dim_head=8,
        rel_pos_bias=True,
        attn_one_kv_head=True,
        attn_gate_values=True,
        attn_qk_norm=True,
        sandwich_norm=True,
        shift_tokens=1,
        residual_attn=True,
    ),
)
continuous = ContinuousTransformerWrapper(
    dim_in=12, dim_out=6, max_seq_len=16, attn_layers=Encoder(dim=32, depth=1, heads=4, attn_dim_head=8, dynamic_pos_bias=True, macaron=True)
)
tokens = torch.randint(0, 20, (2, 8))
logits, hidden = encoder.eval()(tokens, mask=torch.ones_like(tokens).bool(), return_logits_and_embeddings=True)
first, mems = decoder.eval()(tokens, return_mems=True)
second, mems = decoder(tokens, mems=mems, return_mems=True)
curve = continuous.eval()(torch.randn(2, 10, 12), mask=torch.ones(2, 10).bool())
print(logits.shape, hidden.shape, first.shape, second.shape, curve.shape)
