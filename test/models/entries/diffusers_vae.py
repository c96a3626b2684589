"""A tiny autoencoder of diffusers, and a conditional UNet on its latents."""
# modules: diffusers.models.autoencoders.* diffusers.models.unets.* diffusers.models.attention diffusers.models.transformers.* diffusers.models.resnet diffusers.models.embeddings

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel

vae = AutoencoderKL(
    in_channels=3, out_channels=3, latent_channels=4, block_out_channels=(16, 32), norm_num_groups=8, layers_per_block=1,
    down_block_types=("DownEncoderBlock2D", "DownEncoderBlock2D"), up_block_types=("UpDecoderBlock2D", "UpDecoderBlock2D"),
).eval()
unet = UNet2DConditionModel(
    sample_size=16, in_channels=4, out_channels=4, layers_per_block=1, block_out_channels=(16, 32), norm_num_groups=8,
    cross_attention_dim=24, attention_head_dim=8, down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
    up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
).eval()
images = torch.randn(2, 3, 32, 32)
with torch.no_grad():
    posterior = vae.encode(images).latent_dist
    latents = posterior.sample() * vae.config.scaling_factor
    noise = unet(latents, 7, encoder_hidden_states=torch.randn(2, 5, 24)).sample
    decoded = vae.decode(latents - 0.1 * noise).sample
print(posterior.mean.shape, latents.shape, noise.shape, decoded.shape)
