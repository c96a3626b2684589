"""A tiny ViLT: patches and words in one sequence."""
# modules: transformers.models.vilt.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import ViltConfig, ViltModel

config = ViltConfig(
    vocab_size=99,
    hidden_size=32,
    num_hidden_layers=2,
    num_attention_heads=4,
    intermediate_size=48,
    image_size=32,
    patch_size=8,
    max_position_embeddings=20,
)
model = ViltModel(config).eval()
with torch.no_grad():
    out = model(input_ids=torch.randint(0, 99, (2, 6)), pixel_values=torch.randn(2, 3, 32, 32))
    print(out.last_hidden_state.shape, out.pooler_output.shape)
