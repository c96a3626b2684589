"""A tiny Reformer: local attention and attention by hashes, axial positions."""
# modules: transformers.models.reformer.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import ReformerConfig, ReformerModelWithLMHead

config = ReformerConfig(
    attention_head_size=8,
    attn_layers=["local", "lsh"],
    axial_pos_shape=(4, 8),
    axial_pos_embds_dim=(16, 16),
    feed_forward_size=48,
    hidden_size=32,
    is_decoder=True,
    local_attn_chunk_length=4,
    lsh_attn_chunk_length=4,
    max_position_embeddings=32,
    num_attention_heads=4,
    num_buckets=4,
    num_hashes=2,
    vocab_size=99,
    chunk_size_lm_head=4,
)
model = ReformerModelWithLMHead(config).eval()
ids = torch.randint(1, 99, (2, 32))
with torch.no_grad():
    out = model(ids, labels=ids)
print(out.logits.shape)
