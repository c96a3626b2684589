"""A tiny LeViT: a pyramid of attention with batch norms, two heads for a class."""
# modules: transformers.models.levit.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import LevitConfig, LevitForImageClassificationWithTeacher

config = LevitConfig(
    image_size=64,
    hidden_sizes=[16, 24, 32],
    num_attention_heads=[1, 2, 2],
    depths=[2, 2, 1],
    key_dim=[8, 8, 8],
    num_labels=5,
)
model = LevitForImageClassificationWithTeacher(config).eval()
with torch.no_grad():
    out = model(pixel_values=torch.randn(2, 3, 64, 64), output_hidden_states=True)
print(out.logits.shape, [h.shape for h in out.hidden_states])
