"""A tiny InternVL: the parts of a picture in the sequence of a text."""
# modules: transformers.models.internvl.* transformers.models.qwen2.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import InternVLConfig, InternVLForConditionalGeneration, InternVLVisionConfig, Qwen2Config

text = Qwen2Config(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=128,
)
vision = InternVLVisionConfig(
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    image_size=[32, 32],
    patch_size=[8, 8],
)
config = InternVLConfig(text_config=text, vision_config=vision, image_token_id=98, image_seq_length=4)
model = InternVLForConditionalGeneration(config).eval()
input_ids = torch.randint(1, 98, (2, 9))
input_ids[:, 2:6] = config.image_token_id
pixels = torch.randn(2, 3, 32, 32)
with torch.no_grad():
    out = model(input_ids=input_ids, pixel_values=pixels, attention_mask=torch.ones_like(input_ids), labels=input_ids)
    print(out.loss, out.logits.shape, out.image_hidden_states.shape)
    print(model.generate(input_ids=input_ids, pixel_values=pixels, max_new_tokens=3, do_sample=False).shape)
