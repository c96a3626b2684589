"""A tiny Parakeet: a fast conformer for CTC."""
# modules: transformers.models.parakeet.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import ParakeetCTCConfig, ParakeetForCTC

config = ParakeetCTCConfig(
    vocab_size=30,
    pad_token_id=29,
    encoder_config=dict(
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=48,
        subsampling_conv_channels=8,
        num_mel_bins=16,
        subsampling_factor=4,
    ),
)
model = ParakeetForCTC(config).eval()
features = torch.randn(2, 40, 16)
mask = torch.ones(2, 40, dtype=torch.long)
mask[1, 28:] = 0
with torch.no_grad():
    out = model(input_features=features, attention_mask=mask, labels=torch.randint(0, 29, (2, 4)))
    ids = model.generate(input_features=features, attention_mask=mask)
print(out.loss, out.logits.shape, ids.shape if hasattr(ids, "shape") else ids.sequences.shape)
