"""A tiny RF-DETR: windows of a DINOv2 and queries that start from the best proposals."""
# modules: transformers.models.rf_detr.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import RfDetrConfig, RfDetrForInstanceSegmentation, RfDetrForObjectDetection

config = RfDetrConfig(
    backbone_config=dict(
        model_type="rf_detr_dinov2", hidden_size=32, num_hidden_layers=4, num_attention_heads=4, image_size=64, patch_size=8, num_windows=2,
        out_features=["stage2", "stage4"],
    ),
    d_model=32, decoder_ffn_dim=48, decoder_n_points=2, decoder_layers=2, decoder_self_attention_heads=4, decoder_cross_attention_heads=4,
    num_queries=6, group_detr=2, c2f_num_blocks=1, num_labels=5, hidden_expansion=0.5, intermediate_size=32,
)
pixels = torch.randn(2, 3, 64, 64)
with torch.no_grad():
    boxes = RfDetrForObjectDetection(config).eval()(pixel_values=pixels, pixel_mask=torch.ones(2, 64, 64, dtype=torch.long))
    masks = RfDetrForInstanceSegmentation(config).eval()(pixel_values=pixels)
print(boxes.logits.shape, boxes.pred_boxes.shape, masks.pred_masks.shape)
