"""A tiny Swin2SR: a picture made twice as large."""
# modules: transformers.models.swin2sr.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Swin2SRConfig, Swin2SRForImageSuperResolution

config = Swin2SRConfig(
    image_size=32,
    embed_dim=16,
    depths=[2, 2],
    num_heads=[2, 2],
    window_size=8,
    upscale=2,
    upsampler="pixelshuffledirect",
)
model = Swin2SRForImageSuperResolution(config).eval()
small = torch.rand(1, 3, 32, 32)
with torch.no_grad():
    out = model(pixel_values=small)
large = out.reconstruction.squeeze(0).clamp(0, 1)
print(large.shape, (large * 255.0).round().to(torch.uint8).numpy().shape)
