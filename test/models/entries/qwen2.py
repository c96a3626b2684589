"""A tiny Qwen2 with a padded batch."""
# modules: transformers.models.qwen2.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Qwen2Config, Qwen2ForCausalLM

config = Qwen2Config(vocab_size=99, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2)
model = Qwen2ForCausalLM(config).eval()
input_ids = torch.randint(0, 99, (2, 7))
attention_mask = torch.tensor([[0, 0, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1]])
with torch.no_grad():
    out = model(input_ids=input_ids, attention_mask=attention_mask)
    print(out.logits.shape)
