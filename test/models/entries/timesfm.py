"""A tiny TimesFM: forecasts of series of differing lengths."""
# modules: transformers.models.timesfm.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import TimesFmConfig, TimesFmModelForPrediction

config = TimesFmConfig(
    patch_length=8,
    context_length=32,
    horizon_length=16,
    num_hidden_layers=2,
    hidden_size=32,
    intermediate_size=48,
    head_dim=8,
    num_attention_heads=4,
)
model = TimesFmModelForPrediction(config).eval()
series = [torch.sin(torch.linspace(0, 20, 30)), torch.sin(torch.linspace(0, 10, 40)), torch.linspace(0, 1, 32)]
with torch.no_grad():
    out = model(past_values=series, freq=torch.tensor([0, 1, 2]))
print(out.mean_predictions.shape, out.full_predictions.shape)
