"""A tiny Qwen 3.5: gated delta nets and gated attention."""
# modules: transformers.models.qwen3_5.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Qwen3_5ForCausalLM, Qwen3_5TextConfig

config = Qwen3_5TextConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    head_dim=8,
    linear_key_head_dim=8,
    linear_value_head_dim=8,
    linear_num_key_heads=2,
    linear_num_value_heads=4,
    layer_types=["linear_attention", "full_attention"],
    max_position_embeddings=64,
)
model = Qwen3_5ForCausalLM(config).eval()
ids = torch.randint(3, 99, (1, 11))
with torch.no_grad():
    out = model(input_ids=ids, labels=ids)
    print(out.loss, out.logits.shape)
    print(model.generate(ids, max_new_tokens=3, min_new_tokens=3, do_sample=False).shape)
