"""A tiny MobileBERT: bottlenecks around attention."""
# modules: transformers.models.mobilebert.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import MobileBertConfig, MobileBertForMaskedLM

config = MobileBertConfig(
    vocab_size=99, hidden_size=32, embedding_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48, intra_bottleneck_size=16
)
model = MobileBertForMaskedLM(config).eval()
input_ids = torch.randint(0, 99, (2, 7))
with torch.no_grad():
    out = model(input_ids=input_ids, labels=input_ids)
    print(out.loss, out.logits.shape)
