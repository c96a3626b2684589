"""A tiny BioGPT: a class for each text, read at its last word."""
# modules: transformers.models.biogpt.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import BioGptConfig, BioGptForSequenceClassification

config = BioGptConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    max_position_embeddings=64,
    pad_token_id=1,
    num_labels=3,
)
model = BioGptForSequenceClassification(config)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
ids = torch.randint(3, 99, (3, 8))
ids[1, 5:] = 1
for _ in range(2):
    out = model(input_ids=ids, attention_mask=(ids != 1).long(), labels=torch.tensor([0, 1, 2]))
    out.loss.backward()
    optimizer.step()
    optimizer.zero_grad()
print(out.loss, out.logits.shape)
