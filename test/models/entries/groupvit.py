"""A tiny GroupViT: patches that gather in groups, compared with texts, as a segmentation."""
# modules: transformers.models.groupvit.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import GroupViTConfig, GroupViTModel

config = GroupViTConfig(
    text_config=dict(vocab_size=99, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, max_position_embeddings=16, eos_token_id=98),
    vision_config=dict(
        hidden_size=32,
        intermediate_size=48,
        depths=[2, 1, 1],
        num_hidden_layers=4,
        num_group_tokens=[8, 4, 0],
        num_output_groups=[8, 4, 4],
        num_attention_heads=4,
        image_size=32,
        patch_size=8,
    ),
    projection_dim=16,
    projection_intermediate_dim=24,
)
model = GroupViTModel(config).eval()
input_ids = torch.randint(1, 97, (3, 7))
input_ids[:, -1] = 98
with torch.no_grad():
    out = model(
        input_ids=input_ids,
        pixel_values=torch.randn(2, 3, 32, 32),
        attention_mask=torch.ones_like(input_ids),
        output_segmentation=True,
        return_loss=False,
    )
print(out.logits_per_image.softmax(dim=1), out.segmentation_logits.shape)
