"""A tiny HuBERT: a waveform to units."""
# modules: transformers.models.hubert.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import HubertConfig, HubertModel

config = HubertConfig(
    hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48, conv_dim=(16, 16), conv_stride=(4, 2),
    conv_kernel=(8, 4), num_feat_extract_layers=2, num_conv_pos_embeddings=8, num_conv_pos_embedding_groups=2,
)
model = HubertModel(config).eval()
with torch.no_grad():
    out = model(torch.randn(2, 400))
    print(out.last_hidden_state.shape)
