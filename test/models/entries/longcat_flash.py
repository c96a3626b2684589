"""A tiny LongCat-Flash: experts that do nothing among those that do, beside two attentions a layer."""
# modules: transformers.models.longcat_flash.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import LongcatFlashConfig, LongcatFlashForCausalLM

config = LongcatFlashConfig(
    vocab_size=99, hidden_size=32, num_layers=2, num_hidden_layers=4, num_attention_heads=4, ffn_hidden_size=48, q_lora_rank=16, kv_lora_rank=12,
    qk_nope_head_dim=8, qk_rope_head_dim=4, head_dim=4, v_head_dim=8, moe_topk=3, n_routed_experts=4, zero_expert_num=2, expert_ffn_hidden_size=24,
    max_position_embeddings=64,
)
model = LongcatFlashForCausalLM(config).eval()
with torch.no_grad():
    out = model(torch.randint(3, 99, (2, 7)), use_cache=True)
    step = model(out.logits[:, -1:].argmax(-1), past_key_values=out.past_key_values)
    print(out.logits.shape, step.logits.shape)
