"""A tiny M2M-100 in training: sinusoidal positions, an encoder and a decoder."""
# modules: transformers.models.m2m_100.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import M2M100Config, M2M100ForConditionalGeneration

config = M2M100Config(
    vocab_size=99,
    max_position_embeddings=32,
    encoder_layers=2,
    decoder_layers=2,
    encoder_ffn_dim=48,
    decoder_ffn_dim=48,
    encoder_attention_heads=4,
    decoder_attention_heads=4,
    d_model=32,
    encoder_layerdrop=0.0,
    decoder_layerdrop=0.0,
)
model = M2M100ForConditionalGeneration(config)
ids = torch.randint(4, 99, (2, 8))
out = model(ids, attention_mask=torch.ones_like(ids), labels=torch.randint(4, 99, (2, 5)))
out.loss.backward()
print(out.logits.shape)
