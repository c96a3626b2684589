"""A tiny OPT: learned positions, then a step with its cache."""
# modules: transformers.models.opt.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import OPTConfig, OPTForCausalLM

config = OPTConfig(
    vocab_size=99, hidden_size=32, ffn_dim=48, num_hidden_layers=2, num_attention_heads=4, word_embed_proj_dim=24,
    max_position_embeddings=64,
)
model = OPTForCausalLM(config).eval()
input_ids = torch.randint(0, 99, (2, 7))
with torch.no_grad():
    out = model(input_ids, use_cache=True)
    step = model(input_ids[:, -1:], past_key_values=out.past_key_values)
    print(out.logits.shape, step.logits.shape)
