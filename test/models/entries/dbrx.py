"""A tiny DBRX: fused projections, clipped, and a choice of experts."""
# modules: transformers.models.dbrx.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import DbrxConfig, DbrxForCausalLM

config = DbrxConfig(
    d_model=32,
    n_heads=4,
    n_layers=2,
    max_seq_len=64,
    vocab_size=99,
    attn_config=dict(clip_qkv=8.0, kv_n_heads=2, rope_theta=10000.0),
    ffn_config=dict(ffn_hidden_size=48, hidden_size=32, moe_num_experts=4, moe_top_k=2),
)
model = DbrxForCausalLM(config).eval()
ids = torch.randint(0, 99, (2, 9))
with torch.no_grad():
    out = model(ids, attention_mask=torch.ones_like(ids), labels=ids)
    next_token = out.logits[:, -1].softmax(-1).multinomial(1)
    step = model(next_token, past_key_values=out.past_key_values)
print(out.loss, step.logits.shape)
