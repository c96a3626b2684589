"""A tiny Florence-2: a DaViT picture and a BART text, trained by teacher forcing."""
# modules: transformers.models.florence2.* transformers.models.bart.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import BartConfig, Florence2Config, Florence2ForConditionalGeneration

text = BartConfig(
    vocab_size=99,
    d_model=32,
    encoder_layers=2,
    decoder_layers=2,
    encoder_attention_heads=4,
    decoder_attention_heads=4,
    encoder_ffn_dim=48,
    decoder_ffn_dim=48,
    max_position_embeddings=64,
)
vision = dict(
    depths=[1, 1, 1, 1],
    embed_dim=[8, 16, 16, 32],
    num_heads=[1, 2, 2, 4],
    num_groups=[1, 2, 2, 4],
    window_size=4,
    projection_dim=32,
    drop_path_rate=0.0,
)
config = Florence2Config(text_config=text.to_dict(), vision_config=vision, image_token_id=98)
model = Florence2ForConditionalGeneration(config).eval()
pixels = torch.randn(2, 3, 64, 64)
input_ids = torch.cat([torch.full((2, 5), 98), torch.randint(4, 90, (2, 6))], dim=1)
labels = torch.randint(4, 90, (2, 5))
with torch.no_grad():
    out = model(input_ids=input_ids, pixel_values=pixels, attention_mask=torch.ones_like(input_ids), labels=labels)
print(out.loss, out.logits.shape)
