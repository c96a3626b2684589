"""A tiny DPT: depth from four layers of a ViT, put together from coarse to fine."""
# modules: transformers.models.dpt.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import DPTConfig, DPTForDepthEstimation, DPTForSemanticSegmentation

sizes = dict(
    hidden_size=32,
    num_hidden_layers=4,
    num_attention_heads=4,
    intermediate_size=48,
    image_size=32,
    patch_size=8,
    backbone_out_indices=[0, 1, 2, 3],
    neck_hidden_sizes=[8, 16, 24, 32],
    fusion_hidden_size=16,
)
model = DPTForDepthEstimation(DPTConfig(**sizes)).eval()
images = torch.randn(2, 3, 32, 32)
with torch.no_grad():
    depth = model(images).predicted_depth
    depth = torch.nn.functional.interpolate(depth.unsqueeze(1), size=images.shape[-2:], mode="bicubic", align_corners=False)
    print(depth.squeeze(1).shape)

segmenter = DPTForSemanticSegmentation(DPTConfig(**sizes, num_labels=4, use_auxiliary_head=True)).train()
labels = torch.randint(0, 4, (2, 32, 32))
out = segmenter(torch.randn(2, 3, 32, 32), labels=labels)
out.loss.backward()
print(out.loss, out.logits.shape)
