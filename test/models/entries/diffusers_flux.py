"""More transformers of diffusers: Flux, PixArt, a VQ model, and schedulers that solve an equation."""
# modules: diffusers.models.transformers.* diffusers.models.autoencoders.* diffusers.models.attention diffusers.models.embeddings diffusers.models.normalization diffusers.schedulers.scheduling_flow_match_euler_discrete diffusers.schedulers.scheduling_ddim diffusers.schedulers.scheduling_dpmsolver_multistep

import torch
from diffusers import DDIMScheduler, DPMSolverMultistepScheduler, FlowMatchEulerDiscreteScheduler
from diffusers import FluxTransformer2DModel, PixArtTransformer2DModel, VQModel

flux = FluxTransformer2DModel(
    patch_size=1, in_channels=16, num_layers=1, num_single_layers=1, attention_head_dim=8, num_attention_heads=2,
    joint_attention_dim=24, pooled_projection_dim=12, guidance_embeds=True, axes_dims_rope=(2, 2, 4),
).eval()
scheduler = FlowMatchEulerDiscreteScheduler(shift=2.0)
scheduler.set_timesteps(2)
latents = torch.randn(1, 16, 16)
ids = torch.zeros(16, 3)
with torch.no_grad():
    for t in scheduler.timesteps:
        velocity = flux(
            hidden_states=latents, timestep=t.expand(1) / 1000, guidance=torch.ones(1), pooled_projections=torch.randn(1, 12),
            encoder_hidden_states=torch.randn(1, 5, 24), txt_ids=torch.zeros(5, 3), img_ids=ids, return_dict=False,
        )[0]
        latents = scheduler.step(velocity, t, latents, return_dict=False)[0]
    pixart = PixArtTransformer2DModel(
        num_attention_heads=2, attention_head_dim=8, in_channels=4, out_channels=8, num_layers=1, cross_attention_dim=16, sample_size=8,
        patch_size=2, caption_channels=12, use_additional_conditions=False,
    ).eval()
    noise = pixart(torch.randn(2, 4, 8, 8), encoder_hidden_states=torch.randn(2, 6, 12), timestep=torch.tensor([1, 2])).sample
    vq = VQModel(block_out_channels=(16,), norm_num_groups=8, latent_channels=4, num_vq_embeddings=12).eval()
    rebuilt = vq(torch.randn(1, 3, 16, 16)).sample
    for make in (DDIMScheduler, DPMSolverMultistepScheduler):
        solver = make(num_train_timesteps=50)
        solver.set_timesteps(3)
        sample = torch.randn(1, 4, 8, 8)
        for t in solver.timesteps:
            sample = solver.step(torch.randn_like(sample), t, sample).prev_sample
print(latents.shape, noise.shape, rebuilt.shape, sample.shape)
