"""A tiny ESM: proteins with masked residues."""
# modules: transformers.models.esm.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import EsmConfig, EsmForMaskedLM

config = EsmConfig(
    vocab_size=33,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    max_position_embeddings=64,
    pad_token_id=1,
    mask_token_id=32,
    position_embedding_type="rotary",
    token_dropout=True,
)
model = EsmForMaskedLM(config).eval()
ids = torch.randint(4, 24, (2, 12))
ids[0, 3] = 32
mask = torch.ones_like(ids)
with torch.no_grad():
    out = model(input_ids=ids, attention_mask=mask, labels=ids)
print(out.loss, out.logits.shape)
