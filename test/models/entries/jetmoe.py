"""A tiny JetMoE: experts in the attention too."""
# modules: transformers.models.jetmoe.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import JetMoeConfig, JetMoeForCausalLM

config = JetMoeConfig(
    vocab_size=99,
    hidden_size=32,
    num_hidden_layers=2,
    num_key_value_heads=2,
    kv_channels=8,
    intermediate_size=48,
    num_local_experts=4,
    num_experts_per_tok=2,
    max_position_embeddings=64,
)
model = JetMoeForCausalLM(config).eval()
ids = torch.randint(3, 99, (2, 8))
with torch.no_grad():
    out = model(input_ids=ids, attention_mask=torch.ones_like(ids), labels=ids)
print(out.loss, out.logits.shape)
