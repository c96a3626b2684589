"""A tiny RT-DETR: features of a ResNet at three scales, boxes for the best of them."""
# modules: transformers.models.rt_detr.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import RTDetrConfig, RTDetrForObjectDetection, RTDetrResNetConfig

backbone = RTDetrResNetConfig(
    embedding_size=8, hidden_sizes=[16, 24, 32, 40], depths=[1, 1, 1, 1], out_features=["stage2", "stage3", "stage4"]
)
config = RTDetrConfig(
    backbone_config=backbone,
    encoder_hidden_dim=32,
    encoder_in_channels=[24, 32, 40],
    encoder_ffn_dim=48,
    encoder_attention_heads=4,
    d_model=32,
    num_queries=10,
    decoder_in_channels=[32, 32, 32],
    decoder_ffn_dim=48,
    decoder_layers=2,
    decoder_attention_heads=4,
    decoder_n_points=2,
    num_labels=5,
)
model = RTDetrForObjectDetection(config).eval()
with torch.no_grad():
    out = model(pixel_values=torch.randn(2, 3, 64, 96))
    print(out.logits.shape, out.pred_boxes.shape)
    scores = out.logits.sigmoid().flatten(1)
    best, index = scores.topk(4, dim=-1)
    boxes = out.pred_boxes.gather(1, (index // 5).unsqueeze(-1).repeat(1, 1, 4))
    print(best.shape, boxes.shape)
