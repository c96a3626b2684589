"""A tiny SEW: speech, squeezed in time."""
# modules: transformers.models.sew.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import SEWConfig, SEWModel

config = SEWConfig(
    hidden_size=32,
    num_hidden_layers=2,
    num_attention_heads=4,
    intermediate_size=48,
    squeeze_factor=2,
    conv_dim=[16, 16, 32],
    conv_stride=[4, 2, 2],
    conv_kernel=[8, 4, 4],
    num_conv_pos_embeddings=8,
    num_conv_pos_embedding_groups=4,
)
model = SEWModel(config).eval()
with torch.no_grad():
    out = model(torch.randn(2, 640))
    print(out.last_hidden_state.shape)
