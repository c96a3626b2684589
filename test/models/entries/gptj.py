"""A tiny GPT-J: rotary positions of interleaved pairs, attention and MLP side by side."""
# modules: transformers.models.gptj.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import GPTJConfig, GPTJForCausalLM

config = GPTJConfig(vocab_size=99, n_embd=32, n_layer=2, n_head=4, rotary_dim=4, n_positions=64)
model = GPTJForCausalLM(config).eval()
input_ids = torch.randint(0, 99, (2, 7))
with torch.no_grad():
    out = model(input_ids=input_ids, labels=input_ids, use_cache=True)
    step = model(input_ids[:, -1:], past_key_values=out.past_key_values, use_cache=True)
    print(out.loss, step.logits.shape)
