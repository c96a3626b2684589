"""A tiny SeamlessM4T: speech to the tokens of a text."""
# modules: transformers.models.seamless_m4t.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import SeamlessM4TConfig, SeamlessM4TForSpeechToText

config = SeamlessM4TConfig(
    vocab_size=99,
    hidden_size=32,
    max_position_embeddings=64,
    encoder_layers=2,
    encoder_ffn_dim=48,
    encoder_attention_heads=4,
    decoder_layers=2,
    decoder_ffn_dim=48,
    decoder_attention_heads=4,
    speech_encoder_layers=2,
    speech_encoder_attention_heads=4,
    speech_encoder_intermediate_size=48,
    feature_projection_input_dim=16,
    num_conv_pos_embeddings=16,
    num_conv_pos_embedding_groups=4,
    max_source_positions=64,
    conv_depthwise_kernel_size=7,
    encoder_layerdrop=0.0,
    decoder_layerdrop=0.0,
    speech_encoder_layerdrop=0.0,
)
model = SeamlessM4TForSpeechToText(config).eval()
with torch.no_grad():
    out = model(
        input_features=torch.randn(2, 40, 16),
        attention_mask=torch.ones(2, 40, dtype=torch.long),
        labels=torch.randint(4, 99, (2, 5)),
    )
print(out.loss, out.logits.shape)
