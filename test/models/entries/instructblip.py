"""A tiny InstructBLIP: queries that read a picture with an instruction in mind."""
# modules: transformers.models.instructblip.* transformers.models.opt.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import InstructBlipConfig, InstructBlipForConditionalGeneration

config = InstructBlipConfig(
    vision_config=dict(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, image_size=32, patch_size=8),
    qformer_config=dict(vocab_size=99, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, encoder_hidden_size=32, max_position_embeddings=32),
    text_config=dict(model_type="opt", vocab_size=99, hidden_size=32, ffn_dim=48, num_hidden_layers=2, num_attention_heads=4, word_embed_proj_dim=32, max_position_embeddings=64),
    num_query_tokens=4,
    image_token_index=98,
)
model = InstructBlipForConditionalGeneration(config).eval()
words = torch.randint(3, 90, (2, 6))
ids = torch.cat([torch.full((2, 4), 98), words], dim=1)
inputs = dict(
    pixel_values=torch.randn(2, 3, 32, 32),
    qformer_input_ids=words,
    qformer_attention_mask=torch.ones_like(words),
    input_ids=ids,
    attention_mask=torch.ones_like(ids),
)
with torch.no_grad():
    out = model(**inputs, labels=ids)
    text = model.generate(**inputs, max_new_tokens=3, min_new_tokens=3, do_sample=False)
print(out.loss, out.logits.shape, text.shape)
