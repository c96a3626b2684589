"""A tiny BART: encoder, decoder and labels."""
# modules: transformers.models.bart.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import BartConfig, BartForConditionalGeneration

config = BartConfig(
    vocab_size=99, d_model=32, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4, decoder_attention_heads=4,
    encoder_ffn_dim=48, decoder_ffn_dim=48, max_position_embeddings=32,
)
model = BartForConditionalGeneration(config).eval()
with torch.no_grad():
    out = model(input_ids=torch.randint(3, 99, (2, 7)), labels=torch.randint(3, 99, (2, 5)))
    print(out.loss, out.logits.shape)
