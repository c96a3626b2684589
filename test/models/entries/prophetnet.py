"""A tiny ProphetNet: a decoder that predicts several tokens ahead."""
# modules: transformers.models.prophetnet.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import ProphetNetConfig, ProphetNetForConditionalGeneration

config = ProphetNetConfig(
    vocab_size=99,
    hidden_size=32,
    encoder_ffn_dim=48,
    num_encoder_layers=2,
    num_encoder_attention_heads=4,
    decoder_ffn_dim=48,
    num_decoder_layers=2,
    num_decoder_attention_heads=4,
    max_position_embeddings=32,
    ngram=2,
    num_buckets=8,
    relative_max_distance=16,
)
model = ProphetNetForConditionalGeneration(config).eval()
input_ids = torch.randint(1, 99, (2, 9))
mask = torch.ones_like(input_ids)
mask[1, 6:] = 0
with torch.no_grad():
    out = model(input_ids=input_ids, attention_mask=mask, labels=torch.randint(1, 99, (2, 7)))
    print(out.loss, out.logits.shape)
