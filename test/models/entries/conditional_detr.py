"""A tiny Conditional DETR: boxes of a picture that was padded."""
# modules: transformers.models.conditional_detr.* transformers.models.resnet.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import ConditionalDetrConfig, ConditionalDetrForObjectDetection, ResNetConfig

backbone = ResNetConfig(embedding_size=8, hidden_sizes=[8, 8, 16, 16], depths=[1, 1, 1, 1], out_features=["stage4"])
config = ConditionalDetrConfig(
    backbone_config=backbone,
    num_queries=6,
    encoder_layers=2,
    encoder_ffn_dim=48,
    encoder_attention_heads=4,
    decoder_layers=2,
    decoder_ffn_dim=48,
    decoder_attention_heads=4,
    d_model=32,
    num_labels=5,
)
model = ConditionalDetrForObjectDetection(config).eval()
mask = torch.ones(2, 96, 64, dtype=torch.long)
mask[1, 70:] = 0
with torch.no_grad():
    out = model(pixel_values=torch.randn(2, 3, 96, 64), pixel_mask=mask, output_attentions=True)
scores, labels = out.logits.sigmoid().max(-1)
print(scores.shape, labels.shape, out.pred_boxes.shape)
