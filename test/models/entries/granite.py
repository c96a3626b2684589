"""A tiny Granite: multipliers of embeddings, residuals and attention, decoding with a cache."""
# modules: transformers.models.granite.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import GraniteConfig, GraniteForCausalLM

config = GraniteConfig(
    vocab_size=99, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
    num_key_value_heads=2, embedding_multiplier=2.0, residual_multiplier=0.5, attention_multiplier=0.2, logits_scaling=3.0,
)
model = GraniteForCausalLM(config).eval()
with torch.no_grad():
    out = model(torch.randint(0, 99, (2, 7)), use_cache=True)
    step = model(out.logits[:, -1:].argmax(-1), past_key_values=out.past_key_values)
    print(step.logits.shape)
