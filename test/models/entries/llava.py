"""A tiny LLaVA: patches of CLIP in the sequence of a Llama."""
# modules: transformers.models.llava.* transformers.models.clip.* transformers.models.llama.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import CLIPVisionConfig, LlamaConfig, LlavaConfig, LlavaForConditionalGeneration

text = LlamaConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    rope_scaling={"rope_type": "linear", "factor": 2.0},
)
vision = CLIPVisionConfig(
    hidden_size=24, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4, image_size=32, patch_size=16
)
config = LlavaConfig(vision_config=vision, text_config=text, image_token_index=98, vision_feature_layer=[-2, -1])
model = LlavaForConditionalGeneration(config).eval()
input_ids = torch.randint(1, 98, (2, 10))
input_ids[:, 2:6] = 98
with torch.no_grad():
    out = model(input_ids=input_ids, pixel_values=torch.randn(2, 3, 32, 32), labels=input_ids)
    print(out.loss, out.logits.shape, out.image_hidden_states.shape)
