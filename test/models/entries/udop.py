"""A tiny UDOP: words with their boxes on the page joined with its patches, loss and generation."""
# modules: transformers.models.udop.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import UdopConfig, UdopForConditionalGeneration

config = UdopConfig(
    vocab_size=99, d_model=32, d_kv=8, d_ff=48, num_layers=2, num_decoder_layers=2, num_heads=4, max_2d_position_embeddings=64,
    image_size=32, patch_size=8, decoder_start_token_id=0,
)
model = UdopForConditionalGeneration(config).eval()
ids = torch.randint(2, 99, (2, 9))
corner = torch.rand(2, 9, 2) * 0.5
boxes = torch.cat([corner, corner + 0.25], dim=-1)
mask = torch.ones_like(ids)
mask[1, 6:] = 0
inputs = dict(input_ids=ids, bbox=boxes, attention_mask=mask, pixel_values=torch.randn(2, 3, 32, 32))
with torch.no_grad():
    out = model(**inputs, labels=torch.randint(2, 99, (2, 5)))
    text = model.generate(**inputs, max_new_tokens=4, min_new_tokens=4)
print(out.loss, out.logits.shape, text.shape)
