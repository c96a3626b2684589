"""A tiny Llama with random weights: a forward pass, then a step with its cache."""
# modules: transformers.models.llama.* transformers.masking_utils transformers.cache_utils
# modules: transformers.modeling_rope_utils transformers.integrations.sdpa_attention transformers.activations

import torch
from transformers import LlamaConfig, LlamaForCausalLM

config = LlamaConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=64,
)
model = LlamaForCausalLM(config).eval()
input_ids = torch.randint(0, 99, (2, 7))
attention_mask = torch.ones(2, 7, dtype=torch.long)
with torch.no_grad():
    out = model(input_ids=input_ids, attention_mask=attention_mask, labels=input_ids, use_cache=True)
    print(out.loss, out.logits.shape)
    step = model(input_ids[:, -1:], past_key_values=out.past_key_values, use_cache=True)
    print(step.logits.shape)
