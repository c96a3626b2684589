"""A tiny MarkupLM: words and where they stand in a page."""
# modules: transformers.models.markuplm.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import MarkupLMConfig, MarkupLMForQuestionAnswering

config = MarkupLMConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    max_position_embeddings=64,
    max_xpath_tag_unit_embeddings=20,
    max_xpath_subs_unit_embeddings=20,
    tag_pad_id=10,
    subs_pad_id=10,
    xpath_unit_hidden_size=8,
    max_depth=5,
)
model = MarkupLMForQuestionAnswering(config).eval()
ids = torch.randint(3, 99, (2, 12))
tags = torch.randint(0, 19, (2, 12, 5))
with torch.no_grad():
    out = model(
        input_ids=ids,
        xpath_tags_seq=tags,
        xpath_subs_seq=torch.randint(0, 19, (2, 12, 5)),
        attention_mask=torch.ones_like(ids),
        start_positions=torch.tensor([1, 4]),
        end_positions=torch.tensor([3, 40]),
    )
best = (out.start_logits[:, :, None] + out.end_logits[:, None, :]).triu().flatten(1).argmax(-1)
print(out.loss, best // 12, best % 12)
