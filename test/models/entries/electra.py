"""A tiny ELECTRA that tells replaced tokens."""
# modules: transformers.models.electra.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import ElectraConfig, ElectraForPreTraining

config = ElectraConfig(vocab_size=99, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, embedding_size=16)
model = ElectraForPreTraining(config).eval()
with torch.no_grad():
    out = model(torch.randint(0, 99, (2, 7)), attention_mask=torch.ones(2, 7))
    print(out.logits.shape)
