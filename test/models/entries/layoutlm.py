"""A tiny LayoutLM: words with boxes."""
# modules: transformers.models.layoutlm.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import LayoutLMConfig, LayoutLMForTokenClassification

config = LayoutLMConfig(
    vocab_size=99, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48, max_2d_position_embeddings=64, num_labels=3
)
model = LayoutLMForTokenClassification(config).eval()
input_ids = torch.randint(0, 99, (2, 7))
bbox = torch.randint(0, 30, (2, 7, 4)).sort(dim=-1).values
with torch.no_grad():
    out = model(input_ids=input_ids, bbox=bbox, labels=torch.randint(0, 3, (2, 7)))
    print(out.loss, out.logits.shape)
