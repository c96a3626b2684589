"""A tiny PatchTST: a forecast of many series, cut into patches."""
# modules: transformers.models.patchtst.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import PatchTSTConfig, PatchTSTForPrediction

config = PatchTSTConfig(
    num_input_channels=3,
    context_length=32,
    patch_length=8,
    patch_stride=4,
    prediction_length=6,
    d_model=32,
    num_hidden_layers=2,
    num_attention_heads=4,
    ffn_dim=48,
)
model = PatchTSTForPrediction(config).eval()
with torch.no_grad():
    out = model(past_values=torch.randn(2, 32, 3), future_values=torch.randn(2, 6, 3))
    print(out.loss, out.prediction_outputs[0].shape)
