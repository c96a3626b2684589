"""A tiny Speech2Text: a spectrogram made shorter by convolutions, tokens decoded."""
# modules: transformers.models.speech_to_text.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Speech2TextConfig, Speech2TextForConditionalGeneration

config = Speech2TextConfig(
    vocab_size=99,
    encoder_layers=2,
    encoder_ffn_dim=48,
    encoder_attention_heads=4,
    decoder_layers=2,
    decoder_ffn_dim=48,
    decoder_attention_heads=4,
    d_model=32,
    max_source_positions=64,
    max_target_positions=32,
    conv_kernel_sizes=[3, 3],
    conv_channels=16,
    input_feat_per_channel=8,
)
model = Speech2TextForConditionalGeneration(config).eval()
mask = torch.ones(2, 40, dtype=torch.long)
mask[1, 30:] = 0
with torch.no_grad():
    out = model(input_features=torch.randn(2, 40, 8), attention_mask=mask, labels=torch.randint(3, 99, (2, 5)))
print(out.loss, out.logits.shape)
