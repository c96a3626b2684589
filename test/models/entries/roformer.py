"""A tiny RoFormer: rotated positions, a masked token."""
# modules: transformers.models.roformer.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import RoFormerConfig, RoFormerForMaskedLM

config = RoFormerConfig(
    vocab_size=99,
    embedding_size=16,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    max_position_embeddings=24,
    rotary_value=True,
)
model = RoFormerForMaskedLM(config).eval()
ids = torch.randint(3, 99, (2, 9))
with torch.no_grad():
    print(model(ids, token_type_ids=torch.zeros_like(ids), labels=ids).logits.shape)
