"""A tiny LayoutLMv3: words, their boxes and the picture of a page, a label for each word."""
# modules: transformers.models.layoutlmv3.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import LayoutLMv3Config, LayoutLMv3ForTokenClassification

config = LayoutLMv3Config(
    vocab_size=99,
    hidden_size=32,
    num_hidden_layers=2,
    num_attention_heads=4,
    intermediate_size=48,
    max_position_embeddings=64,
    max_2d_position_embeddings=128,
    coordinate_size=6,
    shape_size=4,
    input_size=32,
    patch_size=8,
    rel_pos_bins=8,
    rel_2d_pos_bins=8,
    num_labels=5,
)
model = LayoutLMv3ForTokenClassification(config).eval()
input_ids = torch.randint(3, 99, (2, 10))
corner = torch.randint(0, 60, (2, 10, 2))
bbox = torch.cat([corner, corner + torch.randint(1, 40, (2, 10, 2))], dim=-1)
labels = torch.randint(0, 5, (2, 10))
with torch.no_grad():
    out = model(
        input_ids=input_ids,
        bbox=bbox,
        attention_mask=torch.ones_like(input_ids),
        pixel_values=torch.randn(2, 3, 32, 32),
        labels=labels,
    )
print(out.loss, out.logits.shape)
