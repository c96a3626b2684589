"""A tiny Kimi Linear: delta attention and latent attention by turns, with experts."""
# modules: transformers.models.kimi_linear.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import KimiLinearConfig, KimiLinearForCausalLM

config = KimiLinearConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=4,
    moe_intermediate_size=24,
    kv_lora_rank=16,
    qk_rope_head_dim=8,
    qk_nope_head_dim=8,
    v_head_dim=8,
    num_experts_per_tok=2,
    num_local_experts=4,
    layer_types=["linear_attention", "full_attention"],
    mlp_layer_types=["dense", "sparse"],
    linear_head_dim=8,
    linear_num_heads=4,
    pad_token_id=0,
    max_position_embeddings=64,
)
model = KimiLinearForCausalLM(config).eval()
ids = torch.randint(3, 99, (2, 10))
with torch.no_grad():
    out = model(input_ids=ids, labels=ids)
print(out.loss, out.logits.shape)
