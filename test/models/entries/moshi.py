"""A tiny Moshi: text and sound in step, each with its own heads."""
# modules: transformers.models.moshi.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import MoshiConfig, MoshiForCausalLM

config = MoshiConfig(
    vocab_size=99,
    hidden_size=32,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=4,
    audio_vocab_size=20,
    ffn_dim=64,
    num_codebooks=4,
    sliding_window=32,
    max_position_embeddings=64,
)
model = MoshiForCausalLM(config).eval()
ids = torch.randint(1, 99, (2, 9))
with torch.no_grad():
    out = model(input_ids=ids, attention_mask=torch.ones_like(ids), labels=ids)
print(out.loss, out.logits.shape)
