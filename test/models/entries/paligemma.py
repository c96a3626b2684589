"""A tiny PaliGemma: a SigLIP picture in front of a Gemma text."""
# modules: transformers.models.paligemma.* transformers.models.gemma.* transformers.models.siglip.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import PaliGemmaConfig, PaliGemmaForConditionalGeneration

config = PaliGemmaConfig(
    text_config=dict(
        model_type="gemma",
        vocab_size=99,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=1,
        head_dim=8,
        max_position_embeddings=64,
        pad_token_id=0,
    ),
    vision_config=dict(
        model_type="siglip_vision_model",
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        image_size=32,
        patch_size=16,
        vision_use_head=False,
        projection_dim=32,
    ),
    image_token_index=98,
    projection_dim=32,
    pad_token_id=0,
)
model = PaliGemmaForConditionalGeneration(config).eval()
text = torch.randint(5, 90, (2, 6))
input_ids = torch.cat([torch.full((2, 4), 98), text], dim=1)
token_type_ids = torch.cat([torch.zeros(2, 7, dtype=torch.long), torch.ones(2, 3, dtype=torch.long)], dim=1)
pixels = torch.randn(2, 3, 32, 32)
with torch.no_grad():
    out = model(
        input_ids=input_ids,
        pixel_values=pixels,
        attention_mask=torch.ones_like(input_ids),
        token_type_ids=token_type_ids,
        labels=input_ids,
    )
    print(out.loss, out.logits.shape)
    print(model.generate(input_ids=input_ids, pixel_values=pixels, attention_mask=torch.ones_like(input_ids), max_new_tokens=3, do_sample=False).shape)
