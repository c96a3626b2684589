"""A tiny Qwen3 MoE in training with checkpoints of its gradients and the loss that balances experts."""
# modules: transformers.models.qwen3_moe.* transformers.loss.* transformers.integrations.moe
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Qwen3MoeConfig, Qwen3MoeForCausalLM

config = Qwen3MoeConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    moe_intermediate_size=24,
    num_hidden_layers=3,
    num_attention_heads=4,
    num_key_value_heads=2,
    head_dim=16,
    num_experts=6,
    num_experts_per_tok=2,
    norm_topk_prob=True,
    mlp_only_layers=[0],
    output_router_logits=True,
    max_position_embeddings=64,
)
model = Qwen3MoeForCausalLM(config)
model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
model.train()
input_ids = torch.randint(0, 99, (2, 10))
attention_mask = torch.ones_like(input_ids)
out = model(input_ids=input_ids, attention_mask=attention_mask, labels=input_ids, use_cache=False)
out.loss.backward()
norms = {name: p.grad.norm() for name, p in model.named_parameters() if p.grad is not None}
print(out.loss, out.aux_loss, len(out.router_logits), len(norms))
