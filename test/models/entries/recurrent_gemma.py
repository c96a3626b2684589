"""A tiny RecurrentGemma: gated linear recurrences and local attention."""
# modules: transformers.models.recurrent_gemma.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import RecurrentGemmaConfig, RecurrentGemmaForCausalLM

config = RecurrentGemmaConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=96,
    num_hidden_layers=3,
    num_attention_heads=4,
    num_key_value_heads=1,
    lru_width=32,
    attention_window_size=8,
)
model = RecurrentGemmaForCausalLM(config).eval()
input_ids = torch.randint(3, 99, (2, 11))
with torch.no_grad():
    out = model(input_ids, attention_mask=torch.ones_like(input_ids), labels=input_ids)
    print(out.loss, out.logits.shape)
