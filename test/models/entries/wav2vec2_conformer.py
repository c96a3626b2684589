"""A tiny Wav2Vec2-Conformer with relative positions, for CTC."""
# modules: transformers.models.wav2vec2_conformer.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Wav2Vec2ConformerConfig, Wav2Vec2ConformerForCTC

config = Wav2Vec2ConformerConfig(
    vocab_size=30,
    hidden_size=32,
    num_hidden_layers=2,
    num_attention_heads=4,
    intermediate_size=48,
    conv_dim=[16, 16, 16],
    conv_stride=[5, 2, 2],
    conv_kernel=[10, 3, 3],
    num_conv_pos_embeddings=16,
    num_conv_pos_embedding_groups=4,
    conv_depthwise_kernel_size=7,
    position_embeddings_type="relative",
)
model = Wav2Vec2ConformerForCTC(config).eval()
labels = torch.randint(1, 30, (2, 6))
labels[1, 4:] = -100
with torch.no_grad():
    out = model(input_values=torch.randn(2, 1600), labels=labels)
print(out.loss, out.logits.argmax(dim=-1).shape)
