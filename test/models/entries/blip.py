"""A tiny BLIP: a caption in training, then texts matched with images."""
# modules: transformers.models.blip.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import BlipConfig, BlipForConditionalGeneration, BlipForImageTextRetrieval

text = dict(
    vocab_size=99,
    hidden_size=32,
    encoder_hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    max_position_embeddings=24,
    bos_token_id=96,
    sep_token_id=97,
    eos_token_id=98,
)
vision = dict(
    hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, image_size=32, patch_size=8
)
config = BlipConfig(text_config=text, vision_config=vision, projection_dim=16, image_text_hidden_size=16)
model = BlipForConditionalGeneration(config)
x, ids = torch.randn(2, 3, 32, 32), torch.randint(3, 90, (2, 7))
out = model(pixel_values=x, input_ids=ids, labels=ids)
out.loss.backward()
match = BlipForImageTextRetrieval(config).eval()
with torch.no_grad():
    a = match(ids, x).itm_score
    b = match(ids, x, use_itm_head=False).itm_score
print(out.logits.shape, a.shape, b.shape)
