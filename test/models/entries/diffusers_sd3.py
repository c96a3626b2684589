"""Tiny transformers of diffusers: the joint one of SD3, and DiT."""
# modules: diffusers.models.transformers.* diffusers.models.attention diffusers.models.embeddings diffusers.models.normalization diffusers.models.attention_processor

import torch
from diffusers import DiTTransformer2DModel, SD3Transformer2DModel

sd3 = SD3Transformer2DModel(
    sample_size=8,
    patch_size=2,
    in_channels=4,
    num_layers=2,
    attention_head_dim=8,
    num_attention_heads=4,
    joint_attention_dim=24,
    caption_projection_dim=32,
    pooled_projection_dim=16,
    out_channels=4,
    pos_embed_max_size=12,
).eval()
dit = DiTTransformer2DModel(
    num_attention_heads=2, attention_head_dim=8, in_channels=4, num_layers=2, norm_num_groups=4, sample_size=8, patch_size=2, num_embeds_ada_norm=10
).eval()
latents = torch.randn(2, 4, 8, 8)
with torch.no_grad():
    velocity = sd3(
        hidden_states=latents,
        encoder_hidden_states=torch.randn(2, 7, 24),
        pooled_projections=torch.randn(2, 16),
        timestep=torch.tensor([10, 20]),
        return_dict=False,
    )[0]
    noise = dit(latents, timestep=torch.tensor([3, 4]), class_labels=torch.tensor([1, 2])).sample
print(velocity.shape, noise.shape)
