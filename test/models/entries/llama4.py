"""A tiny Llama 4: attention in chunks, experts, a step with its cache."""
# modules: transformers.models.llama4.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Llama4TextConfig, Llama4ForCausalLM

config = Llama4TextConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    max_position_embeddings=64,
    pad_token_id=0,
    bos_token_id=1,
    eos_token_id=2,
    num_key_value_heads=2,
    head_dim=8,
    intermediate_size_mlp=64,
    num_local_experts=4,
    attention_chunk_size=4,
    layer_types=["chunked_attention", "full_attention"],
    no_rope_layers=[1, 0],
)
model = Llama4ForCausalLM(config)
ids = torch.randint(3, 99, (2, 7))
mask = torch.ones_like(ids)
out = model(input_ids=ids, attention_mask=mask, labels=ids)
out.loss.backward()
model.eval()
with torch.no_grad():
    out = model(input_ids=ids, attention_mask=mask, use_cache=True)
    step = model(input_ids=ids[:, -1:], past_key_values=out.past_key_values, use_cache=True)
    print(out.logits.shape, step.logits.shape)
