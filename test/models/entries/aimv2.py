"""A tiny AIMv2: images and texts in one space."""
# modules: transformers.models.aimv2.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Aimv2Config, Aimv2Model

config = Aimv2Config(
    text_config={"vocab_size": 99, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4,
                 "max_position_embeddings": 12, "eos_token_id": 98},
    vision_config={"hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4, "image_size": 16,
                   "patch_size": 8},
    projection_dim=24,
)
model = Aimv2Model(config).eval()
with torch.no_grad():
    out = model(input_ids=torch.randint(0, 98, (3, 7)), pixel_values=torch.randn(2, 3, 16, 16))
    print(out.logits_per_image.shape)
