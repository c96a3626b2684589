"""A tiny GPT-NeoX: rotary embeddings on a part of the heads."""
# modules: transformers.models.gpt_neox.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import GPTNeoXConfig, GPTNeoXForCausalLM

config = GPTNeoXConfig(vocab_size=99, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4)
model = GPTNeoXForCausalLM(config).eval()
with torch.no_grad():
    out = model(torch.randint(0, 99, (2, 7)))
    print(out.logits.shape)
