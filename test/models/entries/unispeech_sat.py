"""A tiny UniSpeech-SAT: who speaks, by x-vectors."""
# modules: transformers.models.unispeech_sat.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import UniSpeechSatConfig, UniSpeechSatForXVector

config = UniSpeechSatConfig(
    hidden_size=32,
    num_hidden_layers=2,
    num_attention_heads=4,
    intermediate_size=48,
    conv_dim=[16, 16, 16],
    conv_stride=[5, 2, 2],
    conv_kernel=[10, 3, 3],
    num_conv_pos_embeddings=16,
    num_conv_pos_embedding_groups=4,
    tdnn_dim=[16, 16, 24],
    tdnn_kernel=[5, 3, 1],
    tdnn_dilation=[1, 2, 1],
    xvector_output_dim=16,
    num_labels=6,
)
model = UniSpeechSatForXVector(config).eval()
sound = torch.randn(2, 1600)
mask = torch.ones(2, 1600, dtype=torch.long)
mask[1, 1200:] = 0
with torch.no_grad():
    out = model(input_values=sound, attention_mask=mask, labels=torch.tensor([1, 5]))
    pair = torch.nn.functional.normalize(out.embeddings, dim=-1)
print(out.loss, out.logits.shape, torch.nn.functional.cosine_similarity(pair[0], pair[1], dim=-1))
