"""A tiny OLMo 2: norms after the layers, then a step with its cache."""
# modules: transformers.models.olmo2.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Olmo2Config, Olmo2ForCausalLM

config = Olmo2Config(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=64,
)
model = Olmo2ForCausalLM(config).eval()
input_ids = torch.randint(0, 99, (2, 7))
with torch.no_grad():
    out = model(input_ids=input_ids, labels=input_ids, use_cache=True)
    step = model(input_ids[:, -1:], past_key_values=out.past_key_values, use_cache=True)
    print(out.loss, step.logits.shape)
