"""A tiny audio spectrogram transformer in training: patches of a spectrogram that overlap."""
# modules: transformers.models.audio_spectrogram_transformer.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import ASTConfig, ASTForAudioClassification

config = ASTConfig(
    hidden_size=32,
    num_hidden_layers=2,
    num_attention_heads=4,
    intermediate_size=48,
    patch_size=4,
    frequency_stride=2,
    time_stride=2,
    max_length=24,
    num_mel_bins=16,
    num_labels=5,
)
model = ASTForAudioClassification(config)
out = model(torch.randn(2, 24, 16), labels=torch.tensor([1, 2]))
out.loss.backward()
print(out.logits.shape)
