"""A tiny Swin v2: cosine attention and continuous relative positions."""
# modules: transformers.models.swinv2.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Swinv2Config, Swinv2Model

config = Swinv2Config(image_size=32, patch_size=4, embed_dim=16, depths=[2, 2], num_heads=[2, 4], window_size=4)
model = Swinv2Model(config).eval()
with torch.no_grad():
    out = model(torch.randn(2, 3, 32, 32))
    print(out.last_hidden_state.shape, out.pooler_output.shape)
