"""A tiny Qwen3-VL: a picture for each text, features of it in several layers."""
# modules: transformers.models.qwen3_vl.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Qwen3VLConfig, Qwen3VLForConditionalGeneration

config = Qwen3VLConfig(
    text_config=dict(
        vocab_size=99,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=8,
        max_position_embeddings=128,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=0,
        rope_parameters={
            "rope_type": "default",
            "rope_theta": 10000.0,
            "mrope_section": [2, 1, 1],
            "mrope_interleaved": True,
        },
    ),
    vision_config=dict(
        depth=3,
        hidden_size=32,
        intermediate_size=40,
        num_heads=4,
        patch_size=4,
        spatial_merge_size=2,
        temporal_patch_size=2,
        out_hidden_size=32,
        num_position_embeddings=16,
        deepstack_visual_indexes=[0, 1],
    ),
    image_token_id=96,
    video_token_id=95,
    vision_start_token_id=94,
    vision_end_token_id=93,
)
model = Qwen3VLForConditionalGeneration(config).eval()
grid = torch.tensor([[1, 4, 4], [1, 4, 4]])
ids = torch.randint(3, 90, (2, 10))
ids[:, 1], ids[:, 2:6], ids[:, 6] = 94, 96, 93
with torch.no_grad():
    out = model(
        input_ids=ids,
        attention_mask=torch.ones_like(ids),
        pixel_values=torch.randn(32, 96),
        image_grid_thw=grid,
        mm_token_type_ids=(ids == 96).long(),
    )
print(out.logits.shape)
