"""A tiny Funnel transformer: pooled queries, then upsampled."""
# modules: transformers.models.funnel.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import FunnelConfig, FunnelModel

config = FunnelConfig(vocab_size=99, block_sizes=[1, 1], d_model=32, n_head=4, d_head=8, d_inner=48)
model = FunnelModel(config).eval()
with torch.no_grad():
    out = model(input_ids=torch.randint(0, 99, (2, 8)), attention_mask=torch.ones(2, 8))
    print(out.last_hidden_state.shape)
