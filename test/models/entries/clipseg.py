"""A tiny CLIPSeg: where a picture shows what a text says."""
# modules: transformers.models.clipseg.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import CLIPSegConfig, CLIPSegForImageSegmentation

config = CLIPSegConfig(
    text_config=dict(vocab_size=99, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, max_position_embeddings=16, eos_token_id=98),
    vision_config=dict(hidden_size=32, intermediate_size=48, num_hidden_layers=3, num_attention_heads=4, image_size=32, patch_size=8),
    projection_dim=16,
    extract_layers=[0, 1, 2],
    reduce_dim=16,
    decoder_intermediate_size=32,
)
model = CLIPSegForImageSegmentation(config).eval()
ids = torch.randint(1, 97, (3, 6))
ids[:, -1] = 98
picture = torch.randn(1, 3, 32, 32)
with torch.no_grad():
    out = model(input_ids=ids, pixel_values=picture.repeat(3, 1, 1, 1), attention_mask=torch.ones_like(ids))
print(torch.sigmoid(out.logits).shape)
