"""A tiny ConvBERT in training: convolutions made of the tokens, one of several choices."""
# modules: transformers.models.convbert.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import ConvBertConfig, ConvBertForMultipleChoice

config = ConvBertConfig(
    vocab_size=99,
    embedding_size=16,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    conv_kernel_size=3,
    max_position_embeddings=24,
)
model = ConvBertForMultipleChoice(config)
ids = torch.randint(3, 99, (2, 3, 9))
out = model(ids, labels=torch.tensor([0, 2]))
out.loss.backward()
print(out.logits.shape)
