"""A tiny masked autoencoder in training: patches left out at random and made again."""
# modules: transformers.models.vit_mae.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import ViTMAEConfig, ViTMAEForPreTraining

config = ViTMAEConfig(
    hidden_size=32,
    num_hidden_layers=2,
    num_attention_heads=4,
    intermediate_size=48,
    image_size=32,
    patch_size=8,
    decoder_num_attention_heads=4,
    decoder_hidden_size=24,
    decoder_num_hidden_layers=2,
    decoder_intermediate_size=40,
    norm_pix_loss=True,
)
model = ViTMAEForPreTraining(config)
out = model(torch.randn(2, 3, 32, 32))
out.loss.backward()
print(out.logits.shape, out.mask.shape, out.ids_restore.shape, model.unpatchify(out.logits).shape)
