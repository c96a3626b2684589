"""A tiny SAM: masks of an image for points that a person gives."""
# modules: transformers.models.sam.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import SamConfig, SamModel

vision = dict(
    hidden_size=32,
    output_channels=16,
    num_hidden_layers=2,
    num_attention_heads=4,
    image_size=48,
    patch_size=8,
    window_size=4,
    global_attn_indexes=[1],
    mlp_dim=48,
    num_pos_feats=8,
)
prompt = dict(hidden_size=16, image_size=48, patch_size=8, mask_input_channels=8)
decoder = dict(hidden_size=16, mlp_dim=24, num_hidden_layers=2, num_attention_heads=2, iou_head_hidden_dim=16)
model = SamModel(SamConfig(vision_config=vision, prompt_encoder_config=prompt, mask_decoder_config=decoder)).eval()
points = torch.rand(2, 1, 3, 2) * 48
with torch.no_grad():
    out = model(
        pixel_values=torch.randn(2, 3, 48, 48), input_points=points, input_labels=torch.ones(2, 1, 3, dtype=torch.long)
    )
    print(out.iou_scores.shape, out.pred_masks.shape)
