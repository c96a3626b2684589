"""A tiny Perceiver: an image through latents, and out as classes."""
# modules: transformers.models.perceiver.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import PerceiverConfig, PerceiverForImageClassificationLearned

config = PerceiverConfig(
    num_latents=12,
    d_latents=32,
    d_model=48,
    num_blocks=1,
    num_self_attends_per_block=2,
    num_self_attention_heads=4,
    num_cross_attention_heads=1,
    image_size=8,
    num_labels=3,
)
model = PerceiverForImageClassificationLearned(config).eval()
with torch.no_grad():
    out = model(inputs=torch.randn(2, 3, 8, 8))
    print(out.logits.shape)
