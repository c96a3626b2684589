"""A tiny FLAVA: a picture, a text, and both together."""
# modules: transformers.models.flava.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import FlavaConfig, FlavaModel

small = dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48)
config = FlavaConfig(
    image_config=dict(small, image_size=32, patch_size=8, vocab_size=50),
    text_config=dict(small, vocab_size=99, max_position_embeddings=32),
    multimodal_config=dict(small),
    image_codebook_config=dict(num_groups=2, num_blocks_per_group=1, hidden_size=8, vocab_size=50),
    hidden_size=32,
    projection_dim=16,
)
model = FlavaModel(config).eval()
ids = torch.randint(1, 99, (2, 8))
with torch.no_grad():
    out = model(
        input_ids=ids,
        attention_mask=torch.ones_like(ids),
        pixel_values=torch.randn(2, 3, 32, 32),
        bool_masked_pos=torch.zeros(2, 16, dtype=torch.long),
    )
print(out.multimodal_embeddings.shape, out.image_embeddings.shape)
