"""A tiny EnCodec: a wave to codes and back."""
# modules: transformers.models.encodec.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import EncodecConfig, EncodecModel

config = EncodecConfig(
    num_filters=4, hidden_size=16, codebook_size=32, codebook_dim=16, upsampling_ratios=[4, 2], num_residual_layers=1
)
model = EncodecModel(config).eval()
with torch.no_grad():
    out = model(torch.randn(2, 1, 320))
    print(out.audio_codes.shape, out.audio_values.shape)
