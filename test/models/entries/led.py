"""A tiny LED: windows of attention in the encoder, a decoder with crossed attention."""
# modules: transformers.models.led.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import LEDConfig, LEDForConditionalGeneration

config = LEDConfig(
    vocab_size=99,
    d_model=32,
    encoder_layers=2,
    decoder_layers=2,
    encoder_attention_heads=4,
    decoder_attention_heads=4,
    encoder_ffn_dim=48,
    decoder_ffn_dim=48,
    attention_window=4,
    max_encoder_position_embeddings=40,
    max_decoder_position_embeddings=20,
)
model = LEDForConditionalGeneration(config).eval()
input_ids = torch.randint(3, 99, (2, 10))
global_attention_mask = torch.zeros_like(input_ids)
global_attention_mask[:, 0] = 1
with torch.no_grad():
    out = model(
        input_ids=input_ids,
        decoder_input_ids=torch.randint(3, 99, (2, 5)),
        global_attention_mask=global_attention_mask,
    )
    print(out.logits.shape)
