"""A tiny MRA: attention at two resolutions."""
# modules: transformers.models.mra.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import MraConfig, MraForMaskedLM

config = MraConfig(vocab_size=99, hidden_size=64, num_hidden_layers=2, num_attention_heads=2, intermediate_size=48, max_position_embeddings=64, block_per_row=2)
model = MraForMaskedLM(config).eval()
ids = torch.randint(2, 99, (2, 64))
with torch.no_grad():
    out = model(input_ids=ids, attention_mask=torch.ones_like(ids), labels=ids)
print(out.loss, out.logits.shape)
