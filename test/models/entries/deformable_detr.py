"""A tiny Deformable DETR: attention that samples several levels of features where it likes."""
# modules: transformers.models.deformable_detr.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import DeformableDetrConfig, DeformableDetrForObjectDetection, ResNetConfig

backbone = ResNetConfig(
    embedding_size=16, hidden_sizes=[16, 24, 32, 40], depths=[1, 1, 1, 1], out_features=["stage2", "stage3", "stage4"]
)
config = DeformableDetrConfig(
    use_timm_backbone=False,
    backbone_config=backbone,
    backbone=None,
    use_pretrained_backbone=False,
    d_model=32,
    encoder_layers=2,
    decoder_layers=2,
    encoder_attention_heads=4,
    decoder_attention_heads=4,
    encoder_ffn_dim=48,
    decoder_ffn_dim=48,
    num_queries=6,
    num_feature_levels=4,
    with_box_refine=True,
    two_stage=True,
    two_stage_num_proposals=6,
    num_labels=3,
)
model = DeformableDetrForObjectDetection(config).eval()
pixel_mask = torch.ones(2, 64, 96, dtype=torch.long)
pixel_mask[1, :, 64:] = 0
with torch.no_grad():
    out = model(pixel_values=torch.randn(2, 3, 64, 96), pixel_mask=pixel_mask)
    print(out.logits.shape, out.pred_boxes.shape)
