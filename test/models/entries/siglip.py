"""A tiny SigLIP: text against images by a sigmoid."""
# modules: transformers.models.siglip.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import SiglipConfig, SiglipModel

sizes = dict(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4)
config = SiglipConfig(
    text_config=dict(vocab_size=99, max_position_embeddings=16, **sizes), vision_config=dict(image_size=32, patch_size=8, **sizes)
)
model = SiglipModel(config).eval()
with torch.no_grad():
    out = model(input_ids=torch.randint(0, 99, (3, 7)), pixel_values=torch.randn(2, 3, 32, 32))
    print(out.logits_per_image.shape)
