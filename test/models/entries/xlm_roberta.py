"""A tiny XLM-RoBERTa in training: where an answer begins and ends."""
# modules: transformers.models.xlm_roberta.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import XLMRobertaConfig, XLMRobertaForQuestionAnswering

config = XLMRobertaConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    max_position_embeddings=24,
)
model = XLMRobertaForQuestionAnswering(config)
ids = torch.randint(3, 99, (2, 9))
out = model(
    ids, attention_mask=torch.ones_like(ids), start_positions=torch.tensor([1, 2]), end_positions=torch.tensor([3, 4])
)
out.loss.backward()
best = out.start_logits.softmax(-1)[:, :, None] * out.end_logits.softmax(-1)[:, None]
print(best.triu().flatten(1).max(-1).values.shape)
