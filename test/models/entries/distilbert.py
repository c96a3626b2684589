"""A tiny DistilBERT that marks a span."""
# modules: transformers.models.distilbert.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import DistilBertConfig, DistilBertForQuestionAnswering

config = DistilBertConfig(vocab_size=99, dim=32, hidden_dim=48, n_layers=2, n_heads=4)
model = DistilBertForQuestionAnswering(config).eval()
with torch.no_grad():
    out = model(torch.randint(0, 99, (2, 7)))
    print(out.start_logits.shape, out.end_logits.shape)
