"""A tiny V-JEPA 2: a video encoded, parts of it foretold."""
# modules: transformers.models.vjepa2.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import VJEPA2Config, VJEPA2Model

config = VJEPA2Config(
    patch_size=8,
    crop_size=32,
    frames_per_clip=4,
    tubelet_size=2,
    hidden_size=48,
    num_attention_heads=4,
    num_hidden_layers=2,
    mlp_ratio=2.0,
    pred_hidden_size=48,
    pred_num_attention_heads=4,
    pred_num_hidden_layers=2,
    pred_num_mask_tokens=2,
)
model = VJEPA2Model(config).eval()
with torch.no_grad():
    out = model(torch.randn(2, 4, 3, 32, 32))
print(out.last_hidden_state.shape, out.predictor_output.last_hidden_state.shape)
