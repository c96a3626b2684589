"""A tiny Gemma 4: embeddings for each layer, windows, and keys that layers share."""
# modules: transformers.models.gemma4.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Gemma4ForCausalLM, Gemma4TextConfig

config = Gemma4TextConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=4,
    num_attention_heads=4,
    num_key_value_heads=2,
    head_dim=8,
    global_head_dim=16,
    vocab_size_per_layer_input=99,
    hidden_size_per_layer_input=8,
    num_kv_shared_layers=2,
    sliding_window=6,
    layer_types=["sliding_attention", "full_attention", "sliding_attention", "full_attention"],
    max_position_embeddings=64,
)
model = Gemma4ForCausalLM(config).eval()
ids = torch.randint(3, 99, (2, 9))
with torch.no_grad():
    out = model(input_ids=ids, attention_mask=torch.ones_like(ids), labels=ids)
    step = model(input_ids=ids[:, -1:], past_key_values=out.past_key_values)
print(out.loss, step.logits.shape)
