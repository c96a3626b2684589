"""A tiny Longformer: attention in windows, with a global token."""
# modules: transformers.models.longformer.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import LongformerConfig, LongformerForMaskedLM

config = LongformerConfig(
    vocab_size=99,
    hidden_size=32,
    num_hidden_layers=2,
    num_attention_heads=4,
    intermediate_size=48,
    attention_window=4,
    max_position_embeddings=40,
)
model = LongformerForMaskedLM(config).eval()
input_ids = torch.randint(3, 99, (2, 10))
global_attention_mask = torch.zeros(2, 10, dtype=torch.long)
global_attention_mask[:, 0] = 1
with torch.no_grad():
    out = model(input_ids=input_ids, global_attention_mask=global_attention_mask)
    print(out.logits.shape)
