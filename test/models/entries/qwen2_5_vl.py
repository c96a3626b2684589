"""A tiny Qwen2.5-VL: images of two sizes in windows, a question about each."""
# modules: transformers.models.qwen2_5_vl.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

config = Qwen2_5_VLConfig(
    text_config=dict(
        vocab_size=99,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=128,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=0,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0, "mrope_section": [1, 1, 2]},
    ),
    vision_config=dict(
        depth=2,
        hidden_size=32,
        intermediate_size=40,
        num_heads=4,
        in_channels=3,
        patch_size=4,
        spatial_merge_size=2,
        temporal_patch_size=2,
        window_size=16,
        out_hidden_size=32,
        fullatt_block_indexes=[1],
    ),
    image_token_id=96,
    video_token_id=95,
    vision_start_token_id=94,
    vision_end_token_id=93,
)
model = Qwen2_5_VLForConditionalGeneration(config).eval()
image_grid_thw = torch.tensor([[1, 4, 8], [1, 4, 4]])
pixel_values = torch.randn(32 + 16, 3 * 2 * 4 * 4)
input_ids = torch.randint(3, 90, (2, 14))
input_ids[0, 1], input_ids[0, 2:10], input_ids[0, 10] = 94, 96, 93
input_ids[1, 1], input_ids[1, 2:6], input_ids[1, 6] = 94, 96, 93
mm_token_type_ids = (input_ids == 96).long()
with torch.no_grad():
    out = model(
        input_ids=input_ids,
        attention_mask=torch.ones_like(input_ids),
        pixel_values=pixel_values,
        image_grid_thw=image_grid_thw,
        mm_token_type_ids=mm_token_type_ids,
        labels=input_ids,
    )
    print(out.loss, out.logits.shape, out.rope_deltas)
