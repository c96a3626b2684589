"""A tiny SqueezeBERT: grouped convolutions for linear layers, tokens labelled."""
# modules: transformers.models.squeezebert.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import SqueezeBertConfig, SqueezeBertForTokenClassification

config = SqueezeBertConfig(
    vocab_size=99, hidden_size=32, embedding_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, num_labels=3
)
model = SqueezeBertForTokenClassification(config).eval()
attention_mask = torch.tensor([[1, 1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 1, 1, 1]])
with torch.no_grad():
    out = model(torch.randint(0, 99, (2, 7)), attention_mask=attention_mask, labels=torch.randint(0, 3, (2, 7)))
    print(out.loss, out.logits.shape)
