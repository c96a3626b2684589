"""A tiny DeBERTa v2 with disentangled attention."""
# modules: transformers.models.deberta_v2.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import DebertaV2Config, DebertaV2Model

config = DebertaV2Config(vocab_size=99, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, relative_attention=True, pos_att_type=["p2c", "c2p"], position_buckets=8)
model = DebertaV2Model(config).eval()
with torch.no_grad():
    out = model(torch.randint(0, 99, (2, 7)))
    print(out.last_hidden_state.shape)
