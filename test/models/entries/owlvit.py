"""A tiny OWL-ViT: boxes for what texts describe."""
# modules: transformers.models.owlvit.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import OwlViTConfig, OwlViTForObjectDetection

text = dict(vocab_size=99, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, max_position_embeddings=8)
vision = dict(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, image_size=32, patch_size=8)
config = OwlViTConfig(text_config=text, vision_config=vision, projection_dim=32)
model = OwlViTForObjectDetection(config).eval()
input_ids = torch.randint(1, 98, (4, 8))
input_ids[:, -1] = 98
with torch.no_grad():
    out = model(input_ids=input_ids, pixel_values=torch.randn(2, 3, 32, 32), attention_mask=torch.ones(4, 8, dtype=torch.long))
    print(out.logits.shape, out.pred_boxes.shape)
