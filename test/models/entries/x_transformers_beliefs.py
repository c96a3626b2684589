"""x-transformers: beliefs about the text from both ends, latents of a text, hyper connections, value residuals, embeddings of layers that loop."""
# modules: x_transformers.*

import torch
from x_transformers import AutoregressiveWrapper, BeliefStateWrapper, Decoder, Encoder, TransformerWrapper
from x_transformers.gpt_vae import GPTVAE

forward = TransformerWrapper(num_tokens=16, max_seq_len=10, attn_layers=Decoder(dim=32, depth=1, heads=4, attn_dim_head=8, rotary_pos_emb=True))
backward = TransformerWrapper(num_tokens=16, max_seq_len=10, attn_layers=Decoder(dim=32, depth=1, heads=4, attn_dim_head=8, rotary_pos_emb=True))
belief = BeliefStateWrapper(forward, backward)
seq = torch.randint(0, 16, (2, 8))
loss = belief(seq)

vae = GPTVAE(num_tokens=16, dim=32, depth=2, enc_depth=1, max_seq_len=12, attn_dim_head=8, heads=4, dim_latent=6)
total, parts = vae(seq, return_all_losses=True)
written = vae.generate(seq[:, :2], 4, latents=torch.zeros(6))

streams = TransformerWrapper(
    num_tokens=16, max_seq_len=12, num_memory_tokens=2, emb_dim=24,
    attn_layers=Decoder(
        dim=32, depth=2, heads=4, attn_dim_head=8, num_residual_streams=2, add_value_residual=True, learned_value_residual_mix=True,
        attn_value_dim_head=12, ff_relu_squared=True, attn_flash=True,
    ),
)
model = AutoregressiveWrapper(streams, ignore_index=-1)
error = model(seq)
bidirectional = Encoder(dim=32, depth=3, heads=4, attn_dim_head=8, weight_tie_layers=True, attn_laser=True, attn_cog_signed=True, layer_dropout=0.1).eval()
print(loss, total, written.shape, error, bidirectional(torch.randn(2, 6, 32)).shape)
