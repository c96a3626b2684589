"""A tiny UnivNet: noise shaped by a spectrogram, with kernels that it predicts."""
# modules: transformers.models.univnet.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import UnivNetConfig, UnivNetModel

config = UnivNetConfig(
    model_in_channels=8,
    model_hidden_channels=8,
    num_mel_bins=10,
    resblock_kernel_sizes=[3, 3],
    resblock_stride_sizes=[4, 2],
    resblock_dilation_sizes=[[1, 3], [1, 3]],
    kernel_predictor_num_blocks=2,
    kernel_predictor_hidden_channels=8,
)
model = UnivNetModel(config).eval()
with torch.no_grad():
    out = model(input_features=torch.randn(2, 7, 10), padding_mask=torch.ones(2, 7, dtype=torch.bool))
print(out.waveforms.shape, out.waveform_lengths)
