"""A tiny YOLOS: detection tokens beside the patches."""
# modules: transformers.models.yolos.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import YolosConfig, YolosForObjectDetection

config = YolosConfig(
    hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48, image_size=[32, 48], patch_size=8, num_detection_tokens=6, num_labels=3
)
model = YolosForObjectDetection(config).eval()
with torch.no_grad():
    out = model(torch.randn(2, 3, 32, 48))
    print(out.logits.shape, out.pred_boxes.shape)
