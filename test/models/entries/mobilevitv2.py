"""A tiny MobileViT 2: attention of linear cost between convolutions, for a segmentation."""
# modules: transformers.models.mobilevitv2.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import MobileViTV2Config, MobileViTV2ForSemanticSegmentation

config = MobileViTV2Config(
    image_size=64,
    width_multiplier=0.25,
    n_attn_blocks=[1, 1, 1],
    aspp_out_channels=16,
    num_labels=3,
    output_stride=16,
)
model = MobileViTV2ForSemanticSegmentation(config).eval()
with torch.no_grad():
    out = model(pixel_values=torch.randn(2, 3, 64, 64), labels=torch.randint(0, 3, (2, 64, 64)))
large = torch.nn.functional.interpolate(out.logits, size=(64, 64), mode="bilinear", align_corners=False)
print(out.loss, large.argmax(dim=1).shape)
