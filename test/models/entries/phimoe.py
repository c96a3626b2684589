"""A tiny PhiMoE: two of four experts for each token, and the loss of the router."""
# modules: transformers.models.phimoe.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import PhimoeConfig, PhimoeForCausalLM

config = PhimoeConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    num_local_experts=4,
    max_position_embeddings=64,
    output_router_logits=True,
)
model = PhimoeForCausalLM(config)
model.train()
ids = torch.randint(0, 99, (2, 12))
out = model(input_ids=ids, labels=ids, use_cache=False)
out.loss.backward()
print(out.loss.item(), out.aux_loss, out.logits.shape)
