"""vit-pytorch without labels: masked autoencoders, DINO, tokens that are sampled, memories that are learnt."""
# modules: vit_pytorch.*

import torch
from vit_pytorch import Dino, MAE, ViT
from vit_pytorch.ats_vit import ViT as AdaptiveViT
from vit_pytorch.learnable_memory_vit import Adapter, ViT as MemoryViT


def encoder(pool="cls"):
    return ViT(image_size=32, patch_size=8, num_classes=5, dim=32, depth=2, heads=2, dim_head=16, mlp_dim=48, pool=pool)


images = torch.randn(4, 3, 32, 32)
mae = MAE(encoder=encoder(pool="mean"), masking_ratio=0.75, decoder_dim=24, decoder_depth=1, decoder_heads=2, decoder_dim_head=8)
losses = [mae(images)]
dino = Dino(encoder(), image_size=32, hidden_layer="to_latent", projection_hidden_size=16, projection_layers=2, num_classes_K=64)
optimizer = torch.optim.Adam(dino.parameters(), lr=3e-4)
for _ in range(2):
    loss = dino(images)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    dino.update_moving_average()
adaptive = AdaptiveViT(
    image_size=32, patch_size=8, num_classes=5, dim=32, depth=2, max_tokens_per_depth=(12, 6), heads=2, dim_head=16, mlp_dim=48
)
logits, sampled = adaptive(images, return_sampled_token_ids=True)
memory = MemoryViT(image_size=32, patch_size=8, num_classes=5, dim=32, depth=2, heads=2, dim_head=16, mlp_dim=48)
tuned = Adapter(vit=memory, num_classes=3, num_memories_per_layer=4)
print(losses, loss, logits.shape, tuned(images).shape)
