"""A tiny Whisper: a spectrogram encoded, tokens decoded."""
# modules: transformers.models.whisper.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import WhisperConfig, WhisperForConditionalGeneration

config = WhisperConfig(
    vocab_size=99, d_model=32, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4, decoder_attention_heads=4,
    encoder_ffn_dim=48, decoder_ffn_dim=48, num_mel_bins=8, max_source_positions=20, max_target_positions=16,
    pad_token_id=0, bos_token_id=1, eos_token_id=2, decoder_start_token_id=3,
)
model = WhisperForConditionalGeneration(config).eval()
with torch.no_grad():
    out = model(input_features=torch.randn(2, 8, 40), decoder_input_ids=torch.randint(0, 99, (2, 5)))
    print(out.logits.shape)
