"""A tiny Qwen 2 MoE: routed experts and one that all tokens share, with the loss of the router."""
# modules: transformers.models.qwen2_moe.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Qwen2MoeConfig, Qwen2MoeForCausalLM

config = Qwen2MoeConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    moe_intermediate_size=24,
    shared_expert_intermediate_size=40,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    num_experts=4,
    num_experts_per_tok=2,
    use_sliding_window=True,
    sliding_window=4,
    max_window_layers=1,
)
model = Qwen2MoeForCausalLM(config).eval()
input_ids = torch.randint(0, 99, (2, 7))
mask = torch.ones_like(input_ids)
mask[0, :2] = 0
with torch.no_grad():
    out = model(input_ids=input_ids, attention_mask=mask, labels=input_ids, output_router_logits=True)
    print(out.loss, out.aux_loss, out.logits.shape)
    cached = model(input_ids=input_ids[:, :5], use_cache=True)
    out = model(input_ids=input_ids[:, 5:], past_key_values=cached.past_key_values)
    print(out.logits.shape)
