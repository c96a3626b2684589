"""A tiny WavLM in training: relative positions in buckets, a loss over alignments."""
# modules: transformers.models.wavlm.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import WavLMConfig, WavLMForCTC

config = WavLMConfig(
    vocab_size=32,
    hidden_size=32,
    num_hidden_layers=2,
    num_attention_heads=4,
    intermediate_size=48,
    conv_dim=(16, 16, 16),
    conv_stride=(5, 2, 2),
    conv_kernel=(10, 3, 3),
    num_conv_pos_embeddings=16,
    num_conv_pos_embedding_groups=4,
    num_buckets=32,
    max_bucket_distance=64,
    apply_spec_augment=False,
    layerdrop=0.0,
)
model = WavLMForCTC(config)
mask = torch.ones(2, 800, dtype=torch.long)
mask[1, 600:] = 0
out = model(torch.randn(2, 800), attention_mask=mask, labels=torch.randint(1, 32, (2, 6)))
out.loss.backward()
print(out.logits.shape)
