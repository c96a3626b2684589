"""A tiny Gemma 3n: several streams of states, inputs for each layer, keys shared between layers."""
# modules: transformers.models.gemma3n.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Gemma3nForCausalLM, Gemma3nTextConfig

config = Gemma3nTextConfig(
    vocab_size=99,
    vocab_size_per_layer_input=99,
    hidden_size=32,
    hidden_size_per_layer_input=8,
    intermediate_size=48,
    num_hidden_layers=6,
    num_attention_heads=4,
    num_key_value_heads=2,
    head_dim=8,
    sliding_window=4,
    layer_types=["sliding_attention", "sliding_attention", "full_attention"] * 2,
    num_kv_shared_layers=2,
    altup_num_inputs=3,
    laurel_rank=4,
    activation_sparsity_pattern=[0.95, 0.95, 0.0, 0.0, 0.0, 0.0],
    max_position_embeddings=64,
)
model = Gemma3nForCausalLM(config).eval()
input_ids = torch.randint(3, 99, (2, 7))
with torch.no_grad():
    out = model(input_ids=input_ids, attention_mask=torch.ones_like(input_ids), labels=input_ids, use_cache=True)
    step = model(input_ids[:, -1:], past_key_values=out.past_key_values, use_cache=True)
    print(out.loss, step.logits.shape)
