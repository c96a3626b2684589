"""A tiny Mistral with a sliding window."""
# modules: transformers.models.mistral.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import MistralConfig, MistralForCausalLM

config = MistralConfig(vocab_size=99, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, sliding_window=4)
model = MistralForCausalLM(config).eval()
input_ids = torch.randint(0, 99, (2, 7))
with torch.no_grad():
    out = model(input_ids=input_ids)
    print(out.logits.shape)
