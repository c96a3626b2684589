"""A tiny Splinter: where the answers to questions begin and end."""
# modules: transformers.models.splinter.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import SplinterConfig, SplinterForQuestionAnswering

config = SplinterConfig(
    vocab_size=120,
    hidden_size=32,
    num_hidden_layers=2,
    num_attention_heads=4,
    intermediate_size=48,
    max_position_embeddings=64,
    question_token_id=104,
)
model = SplinterForQuestionAnswering(config).eval()
ids = torch.randint(1, 100, (2, 14))
ids[:, 5] = config.question_token_id
types = torch.zeros_like(ids)
types[:, 7:] = 1
with torch.no_grad():
    out = model(
        input_ids=ids,
        token_type_ids=types,
        start_positions=torch.tensor([8, 9]),
        end_positions=torch.tensor([10, 12]),
    )
starts = torch.argmax(out.start_logits, dim=-1)
print(out.loss, starts, out.end_logits.shape)
