"""A tiny Mllama: tiles of a picture that some layers of the text attend to."""
# modules: transformers.models.mllama.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import MllamaConfig, MllamaForConditionalGeneration

config = MllamaConfig(
    vision_config=dict(
        hidden_size=16, num_hidden_layers=3, num_global_layers=2, attention_heads=2, intermediate_size=24, vision_output_dim=48,
        image_size=16, patch_size=8, max_num_tiles=2, intermediate_layers_indices=[0, 2], supported_aspect_ratios=[[1, 1], [1, 2], [2, 1]],
    ),
    text_config=dict(
        vocab_size=99, hidden_size=32, num_hidden_layers=4, num_attention_heads=4, num_key_value_heads=2, intermediate_size=48,
        cross_attention_layers=[1, 3], max_position_embeddings=64, bos_token_id=1, eos_token_id=2, pad_token_id=0,
    ),
    image_token_index=98,
)
model = MllamaForConditionalGeneration(config).eval()
ids = torch.randint(3, 90, (2, 8))
ids[:, 1] = 98
tiles = torch.tensor([[[1, 1]], [[1, 0]]])
cross = torch.zeros(2, 8, 1, 2, dtype=torch.long)
cross[0, 1:, 0, :2] = 1
cross[1, 1:, 0, :1] = 1
with torch.no_grad():
    out = model(
        input_ids=ids,
        attention_mask=torch.ones_like(ids),
        pixel_values=torch.randn(2, 1, 2, 3, 16, 16),
        aspect_ratio_ids=torch.tensor([[2], [1]]),
        aspect_ratio_mask=tiles,
        cross_attention_mask=cross,
        use_cache=True,
    )
    step = model(
        input_ids=out.logits[:, -1:].argmax(-1),
        attention_mask=torch.ones(2, 9, dtype=torch.long),
        cross_attention_mask=torch.cat([cross, cross[:, -1:]], dim=1),
        past_key_values=out.past_key_values,
    )
print(out.logits.shape, step.logits.shape)
