"""A tiny data2vec for audio."""
# modules: transformers.models.data2vec.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Data2VecAudioConfig, Data2VecAudioForCTC

config = Data2VecAudioConfig(
    vocab_size=20, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48,
    conv_dim=[16, 16, 16], conv_stride=[4, 2, 2], conv_kernel=[8, 4, 4], num_conv_pos_embeddings=2, conv_pos_kernel_size=5, num_conv_pos_embedding_groups=4,
)
model = Data2VecAudioForCTC(config).eval()
with torch.no_grad():
    out = model(torch.randn(2, 640))
    print(out.logits.shape)
