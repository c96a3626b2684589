"""A tiny Mask2Former on a Swin: queries that look at a picture through the masks they predict."""
# modules: transformers.models.mask2former.* transformers.models.swin.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Mask2FormerConfig, Mask2FormerModel, SwinConfig

backbone = SwinConfig(
    image_size=64,
    patch_size=4,
    embed_dim=8,
    depths=[1, 1, 1, 1],
    num_heads=[1, 2, 2, 4],
    window_size=4,
    out_features=["stage1", "stage2", "stage3", "stage4"],
)
config = Mask2FormerConfig(
    backbone_config=backbone,
    feature_size=32,
    mask_feature_size=32,
    hidden_dim=32,
    encoder_feedforward_dim=48,
    encoder_layers=2,
    decoder_layers=3,
    num_attention_heads=4,
    dim_feedforward=48,
    num_queries=5,
    num_labels=3,
)
model = Mask2FormerModel(config).eval()
with torch.no_grad():
    out = model(pixel_values=torch.randn(2, 3, 64, 64), pixel_mask=torch.ones(2, 64, 64, dtype=torch.long))
masks = out.masks_queries_logits[-1].sigmoid()
print(out.transformer_decoder_last_hidden_state.shape, masks.shape, (masks > 0.5).flatten(2).sum(-1).shape)
