"""A tiny GPT-Neo in training: local attention, a class for each text."""
# modules: transformers.models.gpt_neo.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import GPTNeoConfig, GPTNeoForSequenceClassification

config = GPTNeoConfig(
    vocab_size=99,
    hidden_size=32,
    num_layers=2,
    num_heads=4,
    attention_types=[[["global", "local"], 1]],
    window_size=4,
    max_position_embeddings=64,
    num_labels=3,
    pad_token_id=0,
)
model = GPTNeoForSequenceClassification(config)
ids = torch.randint(1, 99, (2, 7))
out = model(ids, labels=torch.tensor([0, 2]))
out.loss.backward()
print(out.logits.shape)
