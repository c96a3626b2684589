"""A tiny Idefics 3: images shuffled into the sequence of a text."""
# modules: transformers.models.idefics3.* transformers.models.llama.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Idefics3Config, Idefics3ForConditionalGeneration, LlamaConfig

text = LlamaConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    pad_token_id=0,
)
vision = dict(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, image_size=32, patch_size=8)
config = Idefics3Config(text_config=text, vision_config=vision, image_token_id=98, scale_factor=2, pad_token_id=0)
model = Idefics3ForConditionalGeneration(config).eval()
input_ids = torch.randint(1, 98, (2, 9))
input_ids[:, 2:6] = 98
with torch.no_grad():
    out = model(input_ids=input_ids, pixel_values=torch.randn(2, 1, 3, 32, 32))
    print(out.logits.shape)
