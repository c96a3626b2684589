"""diffusers: a transformer over frames with 3D positions, an autoencoder of video, control of a UNet, a consistency scheduler."""
# modules: diffusers.models.* diffusers.schedulers.scheduling_lcm

import torch
from diffusers import AutoencoderKLTemporalDecoder, ControlNetModel, LCMScheduler, LTXVideoTransformer3DModel, UNet2DConditionModel

with torch.no_grad():
    ltx = LTXVideoTransformer3DModel(
        in_channels=4, out_channels=4, num_attention_heads=2, attention_head_dim=8, cross_attention_dim=16, num_layers=1, caption_channels=12
    ).eval()
    velocity = ltx(
        hidden_states=torch.randn(1, 24, 4), encoder_hidden_states=torch.randn(1, 6, 12), timestep=torch.tensor([500]),
        encoder_attention_mask=torch.ones(1, 6), num_frames=2, height=3, width=4, return_dict=False,
    )[0]
    frames = AutoencoderKLTemporalDecoder(block_out_channels=(32, 32), layers_per_block=1, down_block_types=("DownEncoderBlock2D",) * 2, latent_channels=3, sample_size=16)
    rebuilt = frames.eval()(torch.randn(2, 3, 16, 16), num_frames=2).sample
    shape = dict(
        block_out_channels=(16, 32), layers_per_block=1, down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), cross_attention_dim=12,
        attention_head_dim=8, norm_num_groups=8,
    )
    unet = UNet2DConditionModel(sample_size=8, up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"), **shape).eval()
    control = ControlNetModel(conditioning_embedding_out_channels=(4, 8), **shape).eval()
    scheduler = LCMScheduler(num_train_timesteps=100, original_inference_steps=20)
    scheduler.set_timesteps(2)
    sample, text, hint = torch.randn(2, 4, 8, 8), torch.randn(2, 5, 12), torch.randn(2, 3, 16, 16)
    for t in scheduler.timesteps:
        down, mid = control(sample, t, encoder_hidden_states=text, controlnet_cond=hint, return_dict=False)
        noise = unet(sample, t, encoder_hidden_states=text, down_block_additional_residuals=down, mid_block_additional_residual=mid).sample
        sample, denoised = scheduler.step(noise, t, sample, return_dict=False)
print(velocity.shape, rebuilt.shape, sample.shape, denoised.shape)
