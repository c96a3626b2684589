"""A tiny DiffLlama: attention as a difference of two maps, padded on the left."""
# modules: transformers.models.diffllama.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import DiffLlamaConfig, DiffLlamaForCausalLM

config = DiffLlamaConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=64,
    pad_token_id=0,
    attn_implementation="eager",
)
model = DiffLlamaForCausalLM(config).eval()
ids = torch.tensor([[5, 8, 13, 21, 34, 55], [0, 0, 3, 1, 4, 15]])
mask = (ids != 0).long()
positions = (mask.cumsum(-1) - 1).clamp(min=0)
with torch.no_grad():
    out = model(input_ids=ids, attention_mask=mask, position_ids=positions, output_attentions=True, return_dict=False)
    print(len(out), out[0].shape)
    print(model.generate(input_ids=ids, attention_mask=mask, max_new_tokens=3, min_new_tokens=3, do_sample=False).shape)
