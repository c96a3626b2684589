"""A tiny GPT-2: a forward pass with a loss, then a step with its cache."""
# modules: transformers.models.gpt2.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import GPT2Config, GPT2LMHeadModel

config = GPT2Config(vocab_size=99, n_embd=32, n_layer=2, n_head=4, n_positions=64)
model = GPT2LMHeadModel(config).eval()
input_ids = torch.randint(0, 99, (2, 7))
with torch.no_grad():
    out = model(input_ids, labels=input_ids, use_cache=True)
    print(out.loss, out.logits.shape)
    step = model(input_ids[:, -1:], past_key_values=out.past_key_values)
    print(step.logits.shape)
