"""A tiny Autoformer: series are decomposed and attended to by the delays at which they repeat."""
# modules: transformers.models.autoformer.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import AutoformerConfig, AutoformerForPrediction

config = AutoformerConfig(
    prediction_length=6, context_length=14, lags_sequence=[1, 2, 3], num_time_features=2, num_static_categorical_features=1, cardinality=[5],
    embedding_dimension=[4], d_model=16, encoder_attention_heads=2, decoder_attention_heads=2, encoder_layers=2, decoder_layers=1,
    encoder_ffn_dim=24, decoder_ffn_dim=24, label_length=4, moving_average=5, num_parallel_samples=3,
)
model = AutoformerForPrediction(config).eval()
inputs = dict(
    past_values=torch.randn(2, 17),
    past_time_features=torch.randn(2, 17, 2),
    past_observed_mask=torch.ones(2, 17),
    static_categorical_features=torch.tensor([[1], [3]]),
    future_time_features=torch.randn(2, 6, 2),
)
with torch.no_grad():
    out = model(**inputs, future_values=torch.randn(2, 6))
    drawn = model.generate(**inputs)
print(out.loss, drawn.sequences.mean(dim=1).shape)
