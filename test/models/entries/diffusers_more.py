"""diffusers once more: Sana with linear attention, a prior over embeddings, a UNet over time, an autoencoder that shuffles pixels."""
# modules: diffusers.models.* diffusers.schedulers.scheduling_ddpm diffusers.schedulers.scheduling_euler_discrete

import torch
from diffusers import AutoencoderDC, DDPMScheduler, EulerDiscreteScheduler, PriorTransformer, SanaTransformer2DModel, UNet1DModel

torch.set_grad_enabled(False)
sana = SanaTransformer2DModel(
    in_channels=4, out_channels=4, num_attention_heads=2, attention_head_dim=8, num_layers=1, num_cross_attention_heads=2, cross_attention_head_dim=8,
    cross_attention_dim=16, caption_channels=12, sample_size=8,
).eval()
scheduler = EulerDiscreteScheduler(num_train_timesteps=100)
scheduler.set_timesteps(2)
latents = torch.randn(1, 4, 8, 8) * scheduler.init_noise_sigma
text, mask = torch.randn(1, 6, 12), torch.ones(1, 6)
for t in scheduler.timesteps:
    scaled = scheduler.scale_model_input(latents, t)
    noise = sana(scaled, encoder_hidden_states=text, encoder_attention_mask=mask, timestep=t.expand(1), return_dict=False)[0]
    latents = scheduler.step(noise, t, latents).prev_sample
prior = PriorTransformer(num_attention_heads=2, attention_head_dim=8, num_layers=1, embedding_dim=16, num_embeddings=5).eval()
embedding = prior(torch.randn(2, 16), timestep=3, proj_embedding=torch.randn(2, 16), encoder_hidden_states=torch.randn(2, 5, 16)).predicted_image_embedding
wave = UNet1DModel(sample_size=64, in_channels=2, out_channels=2, extra_in_channels=64, block_out_channels=(32, 32, 64)).eval()
ddpm = DDPMScheduler(num_train_timesteps=20)
sound = torch.randn(1, 2, 64)
sound = ddpm.step(wave(sound, 5).sample, 5, sound).prev_sample
autoencoder = AutoencoderDC(
    latent_channels=4, attention_head_dim=8, encoder_block_out_channels=(8, 16), decoder_block_out_channels=(8, 16), encoder_layers_per_block=(1, 1),
    decoder_layers_per_block=(1, 1), encoder_block_types=("ResBlock", "EfficientViTBlock"), decoder_block_types=("ResBlock", "EfficientViTBlock"),
    encoder_qkv_multiscales=((), (5,)), decoder_qkv_multiscales=((), (5,)),
).eval()
print(latents.shape, embedding.shape, sound.shape, autoencoder(torch.randn(1, 3, 32, 32)).sample.shape)
