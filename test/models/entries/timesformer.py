"""A tiny TimeSformer: attention over time, then over space."""
# modules: transformers.models.timesformer.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import TimesformerConfig, TimesformerForVideoClassification

config = TimesformerConfig(
    image_size=32,
    patch_size=8,
    num_frames=4,
    hidden_size=32,
    num_hidden_layers=2,
    num_attention_heads=4,
    intermediate_size=48,
    num_labels=5,
)
model = TimesformerForVideoClassification(config).eval()
video = torch.randn(2, 4, 3, 32, 32)
with torch.no_grad():
    out = model(pixel_values=video, labels=torch.tensor([1, 4]), output_attentions=True)
print(out.loss, out.logits.shape, out.attentions[0].shape)
