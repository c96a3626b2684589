"""A tiny Granite 4: Mamba 2, attention, shared and chosen experts."""
# modules: transformers.models.granitemoehybrid.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import GraniteMoeHybridConfig, GraniteMoeHybridForCausalLM

config = GraniteMoeHybridConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    num_local_experts=4,
    num_experts_per_tok=2,
    shared_intermediate_size=48,
    layer_types=["mamba", "attention"],
    mamba_n_heads=8,
    mamba_d_state=8,
    mamba_chunk_size=4,
    max_position_embeddings=64,
)
model = GraniteMoeHybridForCausalLM(config).eval()
ids = torch.randint(3, 99, (2, 9))
with torch.no_grad():
    out = model(input_ids=ids, attention_mask=torch.ones_like(ids), labels=ids)
    step = model(input_ids=ids[:, -1:], past_key_values=out.past_key_values)
print(out.loss, step.logits.shape)
