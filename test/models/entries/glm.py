"""A tiny GLM: rotary positions in half of the dims."""
# modules: transformers.models.glm.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import GlmConfig, GlmForCausalLM

config = GlmConfig(vocab_size=99, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, head_dim=8, pad_token_id=0, eos_token_id=1)
model = GlmForCausalLM(config).eval()
input_ids = torch.randint(3, 99, (2, 7))
with torch.no_grad():
    out = model(input_ids=input_ids, attention_mask=torch.ones(2, 7, dtype=torch.long), labels=input_ids, use_cache=True)
    step = model(input_ids[:, -1:], past_key_values=out.past_key_values, use_cache=True)
    print(out.loss, step.logits.shape)
