"""A tiny SpeechT5: text to a spectrogram, in reduced steps."""
# modules: transformers.models.speecht5.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import SpeechT5Config, SpeechT5ForTextToSpeech

config = SpeechT5Config(
    vocab_size=81,
    hidden_size=32,
    encoder_layers=2,
    encoder_attention_heads=4,
    encoder_ffn_dim=48,
    decoder_layers=2,
    decoder_attention_heads=4,
    decoder_ffn_dim=48,
    num_mel_bins=20,
    reduction_factor=2,
    speech_decoder_prenet_units=32,
    speech_decoder_postnet_units=32,
    speaker_embedding_dim=16,
    conv_dim=[32, 32],
    conv_stride=[2, 2],
    conv_kernel=[3, 3],
    max_text_positions=40,
    max_speech_positions=60,
    encoder_max_relative_position=8,
)
model = SpeechT5ForTextToSpeech(config).eval()
input_ids = torch.randint(2, 81, (2, 9))
with torch.no_grad():
    out = model(
        input_ids=input_ids,
        attention_mask=torch.ones_like(input_ids),
        labels=torch.randn(2, 12, 20),
        speaker_embeddings=torch.randn(2, 16),
    )
    print(out.loss, out.spectrogram.shape)
