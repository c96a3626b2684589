"""A tiny BLOOM: ALiBi and a fused projection."""
# modules: transformers.models.bloom.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import BloomConfig, BloomForCausalLM

config = BloomConfig(vocab_size=99, hidden_size=32, n_layer=2, n_head=4)
model = BloomForCausalLM(config).eval()
with torch.no_grad():
    out = model(torch.randint(0, 99, (2, 7)))
    print(out.logits.shape)
