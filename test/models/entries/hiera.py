"""A tiny Hiera: units of a picture, masked and made again."""
# modules: transformers.models.hiera.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import HieraConfig, HieraForPreTraining

config = HieraConfig(
    embed_dim=8,
    image_size=[64, 64],
    depths=[1, 1, 2, 1],
    num_heads=[1, 2, 4, 8],
    masked_unit_size=[8, 8],
    decoder_hidden_size=16,
    decoder_depth=1,
    decoder_num_heads=2,
)
torch.manual_seed(0)
model = HieraForPreTraining(config).eval()
with torch.no_grad():
    out = model(pixel_values=torch.randn(2, 3, 64, 64))
print(out.loss, out.logits.shape)
