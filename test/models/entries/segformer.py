"""A tiny SegFormer: attention over reduced keys, and a decoder of all stages."""
# modules: transformers.models.segformer.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import SegformerConfig, SegformerForSemanticSegmentation

config = SegformerConfig(
    depths=[1, 1, 1, 1],
    hidden_sizes=[8, 16, 16, 32],
    num_attention_heads=[1, 2, 2, 4],
    sr_ratios=[4, 2, 2, 1],
    decoder_hidden_size=16,
    num_labels=5,
)
model = SegformerForSemanticSegmentation(config).eval()
with torch.no_grad():
    out = model(torch.randn(2, 3, 64, 64), labels=torch.randint(0, 5, (2, 64, 64)))
    print(out.loss, out.logits.shape)
