"""A tiny BROS: words with boxes, and which of them belong together."""
# modules: transformers.models.bros.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import BrosConfig, BrosForTokenClassification, BrosSpadeEEForTokenClassification, BrosSpadeELForTokenClassification

config = BrosConfig(
    vocab_size=99, hidden_size=64, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48, max_position_embeddings=40, num_labels=5,
)
ids = torch.randint(2, 99, (2, 9))
boxes = torch.rand(2, 9, 4)
first = torch.ones(2, 9, dtype=torch.bool)
first[:, 4:6] = False
with torch.no_grad():
    labels = torch.randint(0, 5, (2, 9))
    tokens = BrosForTokenClassification(config).eval()(input_ids=ids, bbox=boxes, attention_mask=torch.ones_like(ids), bbox_first_token_mask=first, labels=labels)
    pairs = BrosSpadeEEForTokenClassification(config).eval()(
        input_ids=ids,
        bbox=boxes, attention_mask=torch.ones_like(ids),
        bbox_first_token_mask=first,
        initial_token_labels=labels,
        subsequent_token_labels=labels,
    )
    links = BrosSpadeELForTokenClassification(config).eval()(input_ids=ids, bbox=boxes, attention_mask=torch.ones_like(ids), bbox_first_token_mask=first, labels=labels)
print(tokens.loss, pairs.subsequent_token_logits.shape, links.logits.shape)
