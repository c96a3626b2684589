"""A tiny BLIP-2: queries that read an image, and an OPT that goes on from them."""
# modules: transformers.models.blip_2.* transformers.models.opt.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Blip2Config, Blip2ForConditionalGeneration, OPTConfig

config = Blip2Config(
    vision_config=dict(hidden_size=24, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4, image_size=32, patch_size=8),
    qformer_config=dict(
        vocab_size=99,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        encoder_hidden_size=24,
        cross_attention_frequency=2,
    ),
    text_config=OPTConfig(
        vocab_size=99,
        hidden_size=32,
        word_embed_proj_dim=32,
        ffn_dim=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=64,
    ).to_dict(),
    num_query_tokens=6,
    image_token_index=98,
)
model = Blip2ForConditionalGeneration(config).eval()
input_ids = torch.randint(3, 98, (2, 12))
input_ids[:, :6] = 98
pixel_values = torch.randn(2, 3, 32, 32)
with torch.no_grad():
    out = model(pixel_values=pixel_values, input_ids=input_ids, attention_mask=torch.ones_like(input_ids), labels=input_ids)
    image = model.get_image_features(pixel_values)
print(out.loss, out.logits.shape, out.qformer_outputs.last_hidden_state.shape, type(image).__name__)
