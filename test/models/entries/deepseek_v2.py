"""A tiny DeepSeek V2: latent attention with queries of low rank, groups of experts, in bfloat16."""
# modules: transformers.models.deepseek_v2.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import DeepseekV2Config, DeepseekV2ForCausalLM

config = DeepseekV2Config(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=4,
    kv_lora_rank=16,
    q_lora_rank=16,
    qk_nope_head_dim=8,
    qk_rope_head_dim=8,
    v_head_dim=8,
    n_routed_experts=4,
    n_shared_experts=1,
    num_experts_per_tok=2,
    moe_intermediate_size=24,
    first_k_dense_replace=1,
    max_position_embeddings=64,
)
model = DeepseekV2ForCausalLM(config).to(torch.bfloat16).eval()
ids = torch.randint(0, 99, (2, 7))
with torch.no_grad():
    out = model(ids, use_cache=False)
    loss = torch.nn.functional.cross_entropy(out.logits[:, :-1].flatten(0, 1).float(), ids[:, 1:].flatten())
print(loss, out.logits.dtype)
