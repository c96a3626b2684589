"""A tiny Granite MoE: experts that are given their tokens sorted."""
# modules: transformers.models.granitemoe.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import GraniteMoeConfig, GraniteMoeForCausalLM

config = GraniteMoeConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    num_local_experts=4,
    num_experts_per_tok=2,
)
model = GraniteMoeForCausalLM(config).eval()
input_ids = torch.randint(0, 99, (2, 7))
with torch.no_grad():
    out = model(input_ids=input_ids, labels=input_ids)
    print(out.loss, out.logits.shape)
