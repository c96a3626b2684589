"""A tiny UNet of diffusers with a noise schedule: one step of training, three of sampling."""
# modules: diffusers.models.unets.* diffusers.models.embeddings diffusers.models.resnet diffusers.models.attention_processor diffusers.models.downsampling diffusers.models.upsampling diffusers.schedulers.scheduling_ddpm

import torch
import torch.nn.functional as F
from diffusers import DDPMScheduler, UNet2DModel

unet = UNet2DModel(
    sample_size=16,
    in_channels=3,
    out_channels=3,
    layers_per_block=1,
    block_out_channels=(16, 32),
    norm_num_groups=8,
    attention_head_dim=8,
    down_block_types=("DownBlock2D", "AttnDownBlock2D"),
    up_block_types=("AttnUpBlock2D", "UpBlock2D"),
)
scheduler = DDPMScheduler(num_train_timesteps=100)
optimizer = torch.optim.AdamW(unet.parameters(), lr=1e-4)

clean = torch.randn(2, 3, 16, 16)
noise = torch.randn_like(clean)
timesteps = torch.randint(0, scheduler.config.num_train_timesteps, (clean.shape[0],))
noisy = scheduler.add_noise(clean, noise, timesteps)
prediction = unet(noisy, timesteps).sample
loss = F.mse_loss(prediction, noise)
loss.backward()
torch.nn.utils.clip_grad_norm_(unet.parameters(), 1.0)
optimizer.step()
optimizer.zero_grad()

scheduler.set_timesteps(3)
sample = torch.randn(1, 3, 16, 16)
for t in scheduler.timesteps:
    with torch.no_grad():
        residual = unet(sample, t).sample
    sample = scheduler.step(residual, t, sample).prev_sample
print(loss, sample.shape)
