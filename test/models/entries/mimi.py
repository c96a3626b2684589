"""A tiny Mimi: speech to codes and back."""
# modules: transformers.models.mimi.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import MimiConfig, MimiModel

config = MimiConfig(
    hidden_size=32,
    num_filters=4,
    upsampling_ratios=[4, 2],
    codebook_size=16,
    codebook_dim=8,
    num_quantizers=4,
    num_semantic_quantizers=1,
    vector_quantization_hidden_dimension=8,
    upsample_groups=32,
    num_hidden_layers=2,
    intermediate_size=48,
    num_attention_heads=4,
    num_key_value_heads=4,
    head_dim=8,
    sliding_window=16,
)
model = MimiModel(config).eval()
audio = torch.randn(1, 1, 320)
with torch.no_grad():
    encoded = model.encode(audio, num_quantizers=3)
    decoded = model.decode(encoded.audio_codes)
    both = model(audio, padding_mask=torch.ones_like(audio, dtype=torch.long))
print(encoded.audio_codes.shape, decoded.audio_values.shape, both.audio_values.shape)
