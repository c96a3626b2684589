"""A tiny Informer: what comes next in a series, with sparse attention."""
# modules: transformers.models.informer.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import InformerConfig, InformerForPrediction

config = InformerConfig(
    prediction_length=4,
    context_length=12,
    lags_sequence=[1, 2, 3],
    num_time_features=2,
    num_static_categorical_features=1,
    cardinality=[5],
    embedding_dimension=[3],
    d_model=16,
    encoder_layers=2,
    decoder_layers=2,
    sampling_factor=2,
    encoder_layerdrop=0.0,
    decoder_layerdrop=0.0,
)
model = InformerForPrediction(config).eval()
past = 12 + 3
with torch.no_grad():
    out = model(
        past_values=torch.randn(2, past),
        past_time_features=torch.randn(2, past, 2),
        past_observed_mask=torch.ones(2, past),
        static_categorical_features=torch.randint(0, 5, (2, 1)),
        future_values=torch.randn(2, 4),
        future_time_features=torch.randn(2, 4, 2),
    )
print(out.loss, out.encoder_last_hidden_state.shape)
