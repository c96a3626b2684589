"""A tiny FastSpeech 2 Conformer: phonemes to a spectrogram and to a waveform."""
# modules: transformers.models.fastspeech2_conformer.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import (
    FastSpeech2ConformerConfig,
    FastSpeech2ConformerHifiGanConfig,
    FastSpeech2ConformerWithHifiGan,
    FastSpeech2ConformerWithHifiGanConfig,
)

acoustic = FastSpeech2ConformerConfig(
    vocab_size=20,
    hidden_size=24,
    num_mel_bins=10,
    encoder_layers=1,
    encoder_linear_units=32,
    decoder_layers=1,
    decoder_linear_units=32,
    decoder_kernel_size=7,
    speech_decoder_postnet_layers=2,
    speech_decoder_postnet_units=16,
    duration_predictor_channels=16,
    energy_predictor_channels=16,
    pitch_predictor_channels=16,
    pitch_predictor_layers=2,
)
vocoder = FastSpeech2ConformerHifiGanConfig(
    model_in_dim=10,
    upsample_initial_channel=16,
    upsample_rates=[4, 2],
    upsample_kernel_sizes=[8, 4],
    resblock_kernel_sizes=[3, 5],
    resblock_dilation_sizes=[[1, 3], [1, 3]],
)
config = FastSpeech2ConformerWithHifiGanConfig(model_config=acoustic.to_dict(), vocoder_config=vocoder.to_dict())
torch.manual_seed(0)
model = FastSpeech2ConformerWithHifiGan(config).eval()
ids = torch.randint(1, 20, (1, 12))
with torch.no_grad():
    out = model.model(
        input_ids=ids,
        attention_mask=torch.ones_like(ids),
        duration_labels=torch.full((1, 12), 2),
        pitch_labels=torch.randn(1, 12, 1),
        energy_labels=torch.randn(1, 12, 1),
        spectrogram_labels=torch.randn(1, 24, 10),
        return_dict=True,
    )
    print(out.loss, out.spectrogram.shape)
    print(model.vocoder(out.spectrogram).shape)
