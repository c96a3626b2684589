"""A tiny ERNIE 4.5 with experts, some of them shared."""
# modules: transformers.models.ernie4_5_moe.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Ernie4_5_MoeConfig, Ernie4_5_MoeForCausalLM

config = Ernie4_5_MoeConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=3,
    num_attention_heads=4,
    num_key_value_heads=2,
    moe_intermediate_size=24,
    moe_k=2,
    moe_num_experts=4,
    moe_num_shared_experts=1,
    max_position_embeddings=64,
)
model = Ernie4_5_MoeForCausalLM(config).eval()
prompt = torch.tensor([[1, 17, 23, 42, 8]])
with torch.no_grad():
    text = model.generate(prompt, max_new_tokens=4, min_new_tokens=4, do_sample=True, temperature=0.8, top_k=10, top_p=0.9)
print(text.shape)
