"""A tiny ALBERT in training: one layer used three times, tokens and the order of sentences."""
# modules: transformers.models.albert.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import AlbertConfig, AlbertForPreTraining

config = AlbertConfig(
    vocab_size=99,
    embedding_size=16,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=3,
    num_attention_heads=4,
    max_position_embeddings=24,
)
model = AlbertForPreTraining(config)
ids = torch.randint(3, 99, (2, 9))
out = model(ids, labels=ids, sentence_order_label=torch.tensor([0, 1]))
out.loss.backward()
print(out.prediction_logits.shape)
