"""A tiny DAC: a wave to codes of several codebooks and back."""
# modules: transformers.models.dac.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import DacConfig, DacModel

model = DacModel(
    DacConfig(
        encoder_hidden_size=8,
        downsampling_ratios=[2, 4],
        decoder_hidden_size=32,
        n_codebooks=3,
        codebook_size=32,
        codebook_dim=4,
    )
).eval()
with torch.no_grad():
    out = model(torch.randn(2, 1, 320))
    codes = model.encode(torch.randn(1, 1, 160)).audio_codes
    wave = model.decode(audio_codes=codes).audio_values
print(out.audio_values.shape, codes.shape, wave.shape)
