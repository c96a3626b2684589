"""A tiny TAPAS: a question about a table, its cells and how to sum them up."""
# modules: transformers.models.tapas.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import TapasConfig, TapasForQuestionAnswering

config = TapasConfig(
    vocab_size=99,
    hidden_size=32,
    num_hidden_layers=2,
    num_attention_heads=4,
    intermediate_size=48,
    max_position_embeddings=64,
    type_vocab_sizes=[3, 16, 16, 2, 16, 16, 10],
    num_aggregation_labels=4,
    max_num_rows=8,
    max_num_columns=8,
    use_answer_as_supervision=False,
)
model = TapasForQuestionAnswering(config).eval()
input_ids = torch.randint(1, 99, (2, 20))
types = torch.zeros(2, 20, 7, dtype=torch.long)
types[:, 6:, 0] = 1
types[:, 6:, 1] = torch.arange(14) % 3 + 1
types[:, 6:, 2] = torch.arange(14) // 3
labels = torch.zeros(2, 20, dtype=torch.long)
labels[:, 9] = 1
with torch.no_grad():
    out = model(
        input_ids=input_ids,
        attention_mask=torch.ones_like(input_ids),
        token_type_ids=types,
        labels=labels,
        aggregation_labels=torch.tensor([0, 2]),
    )
print(out.loss, out.logits.shape, out.logits_aggregation.shape)
