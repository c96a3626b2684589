"""A tiny time series transformer: lags, a distribution of what follows, samples of it."""
# modules: transformers.models.time_series_transformer.* transformers.time_series_utils
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import TimeSeriesTransformerConfig, TimeSeriesTransformerForPrediction

config = TimeSeriesTransformerConfig(
    prediction_length=4,
    context_length=8,
    lags_sequence=[1, 2, 3],
    num_time_features=2,
    num_static_categorical_features=1,
    cardinality=[5],
    embedding_dimension=[4],
    d_model=16,
    encoder_layerdrop=0.0,
    decoder_layerdrop=0.0,
    num_parallel_samples=3,
)
model = TimeSeriesTransformerForPrediction(config)
past = torch.rand(2, 11)
given = dict(
    past_values=past,
    past_time_features=torch.randn(2, 11, 2),
    past_observed_mask=torch.ones(2, 11),
    static_categorical_features=torch.tensor([[1], [3]]),
    future_time_features=torch.randn(2, 4, 2),
)
out = model(**given, future_values=torch.rand(2, 4))
out.loss.backward()
print(model.eval().generate(**given).sequences.shape)
