"""A tiny DINOv3: registers, rotated positions, patches as a picture."""
# modules: transformers.models.dinov3_vit.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import DINOv3ViTConfig, DINOv3ViTModel

model = DINOv3ViTModel(
    DINOv3ViTConfig(
        patch_size=8,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        image_size=32,
        num_register_tokens=2,
        use_gated_mlp=True,
    )
).eval()
with torch.no_grad():
    out = model(torch.randn(2, 3, 32, 48), output_hidden_states=True)
patches = out.last_hidden_state[:, 3:].unflatten(1, (4, 6)).permute(0, 3, 1, 2)
print(out.pooler_output.shape, patches.shape, len(out.hidden_states))
