"""A tiny gpt-oss: experts, sinks, and windows in turns; a few tokens generated."""
# modules: transformers.models.gpt_oss.* transformers.generation.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import GptOssConfig, GptOssForCausalLM

config = GptOssConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    head_dim=8,
    num_local_experts=4,
    num_experts_per_tok=2,
    sliding_window=4,
    max_position_embeddings=64,
    pad_token_id=0,
    eos_token_id=None,
)
model = GptOssForCausalLM(config).eval()
input_ids = torch.randint(1, 99, (2, 7))
with torch.no_grad():
    out = model(input_ids, labels=input_ids, output_router_logits=True)
    print(out.loss, out.logits.shape)
    generated = model.generate(input_ids, attention_mask=torch.ones_like(input_ids), max_new_tokens=3, do_sample=False)
    print(generated.shape)
