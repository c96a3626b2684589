"""A tiny SigLIP 2: pictures of different sizes, padded, with texts."""
# modules: transformers.models.siglip2.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Siglip2Config, Siglip2Model

text = dict(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    max_position_embeddings=16,
)
vision = dict(
    hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_patches=16, patch_size=8
)
model = Siglip2Model(Siglip2Config(text_config=text, vision_config=vision)).eval()
mask = torch.ones(2, 16, dtype=torch.long)
mask[1, 12:] = 0
with torch.no_grad():
    out = model(
        input_ids=torch.randint(2, 99, (3, 8)),
        pixel_values=torch.randn(2, 16, 192),
        pixel_attention_mask=mask,
        spatial_shapes=torch.tensor([[4, 4], [3, 4]]),
    )
print(out.logits_per_image.shape)
