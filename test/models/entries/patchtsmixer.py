"""A tiny PatchTSMixer: patches of several series, mixed, and what comes next."""
# modules: transformers.models.patchtsmixer.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import PatchTSMixerConfig, PatchTSMixerForPrediction

config = PatchTSMixerConfig(
    context_length=32,
    prediction_length=8,
    patch_length=8,
    patch_stride=8,
    num_input_channels=3,
    d_model=16,
    num_layers=2,
    mode="mix_channel",
    self_attn=True,
    self_attn_heads=2,
)
model = PatchTSMixerForPrediction(config).eval()
with torch.no_grad():
    out = model(past_values=torch.randn(4, 32, 3), future_values=torch.randn(4, 8, 3))
print(out.loss, out.prediction_outputs.shape)
