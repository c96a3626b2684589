"""A tiny XLNet: two streams of attention over permuted positions."""
# modules: transformers.models.xlnet.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import XLNetConfig, XLNetLMHeadModel

config = XLNetConfig(vocab_size=99, d_model=32, n_layer=2, n_head=4, d_inner=48)
model = XLNetLMHeadModel(config).eval()
input_ids = torch.randint(0, 99, (2, 7))
with torch.no_grad():
    out = model(input_ids=input_ids, attention_mask=torch.ones(2, 7), labels=input_ids)
    print(out.loss, out.logits.shape)
