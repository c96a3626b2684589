"""A tiny Pegasus: a summary by beam search."""
# modules: transformers.models.pegasus.* transformers.generation.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import PegasusConfig, PegasusForConditionalGeneration

config = PegasusConfig(
    vocab_size=99,
    max_position_embeddings=32,
    encoder_layers=2,
    decoder_layers=2,
    encoder_ffn_dim=48,
    decoder_ffn_dim=48,
    encoder_attention_heads=4,
    decoder_attention_heads=4,
    d_model=32,
    forced_eos_token_id=None,
)
model = PegasusForConditionalGeneration(config).eval()
ids = torch.randint(4, 99, (2, 8))
print(model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=4, num_beams=2).shape)
