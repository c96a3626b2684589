"""A tiny Aria: pictures of any form become queries for a text model of experts."""
# modules: transformers.models.aria.* transformers.models.idefics3.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import AriaConfig, AriaForConditionalGeneration

config = AriaConfig(
    vision_config=dict(hidden_size=32, intermediate_size=48, num_hidden_layers=3, num_attention_heads=4, image_size=32, patch_size=8),
    text_config=dict(
        model_type="aria_text", vocab_size=99, hidden_size=32, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, moe_num_experts=4,
        moe_topk=2, moe_num_shared_experts=2,
    ),
    projector_patch_to_query_dict={16: 4},
    image_token_index=98,
    vision_feature_layer=-2,
)
model = AriaForConditionalGeneration(config).eval()
ids = torch.randint(3, 90, (2, 9))
ids[:, 1:5] = 98
pixel_mask = torch.ones(2, 32, 32, dtype=torch.bool)
with torch.no_grad():
    out = model(input_ids=ids, attention_mask=torch.ones_like(ids), pixel_values=torch.randn(2, 3, 32, 32), pixel_mask=pixel_mask, use_cache=True)
    step = model(input_ids=out.logits[:, -1:].argmax(-1), attention_mask=torch.ones(2, 10, dtype=torch.long), past_key_values=out.past_key_values)
print(out.logits.shape, step.logits.shape)
