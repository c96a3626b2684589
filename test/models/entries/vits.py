"""A tiny VITS: text to a waveform, through durations and normalising flows."""
# modules: transformers.models.vits.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import VitsConfig, VitsModel

config = VitsConfig(
    vocab_size=38,
    hidden_size=32,
    num_hidden_layers=2,
    num_attention_heads=2,
    ffn_dim=48,
    flow_size=16,
    spectrogram_bins=17,
    upsample_initial_channel=32,
    upsample_rates=[4, 2],
    upsample_kernel_sizes=[8, 4],
    resblock_kernel_sizes=[3, 5],
    resblock_dilation_sizes=[[1, 3], [1, 3]],
    prior_encoder_num_flows=2,
    prior_encoder_num_wavenet_layers=2,
    posterior_encoder_num_wavenet_layers=2,
    duration_predictor_num_flows=2,
    depth_separable_num_layers=2,
    duration_predictor_filter_channels=32,
)
torch.manual_seed(0)
model = VitsModel(config).eval()
with torch.no_grad():
    out = model(input_ids=torch.randint(0, 38, (1, 9)))
    print(out.waveform.shape)
