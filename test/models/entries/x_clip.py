"""A tiny X-CLIP: frames of a video compared with texts."""
# modules: transformers.models.x_clip.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import XCLIPConfig, XCLIPModel

config = XCLIPConfig(
    text_config=dict(vocab_size=99, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, max_position_embeddings=16, eos_token_id=98),
    vision_config=dict(
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        mit_hidden_size=16,
        mit_intermediate_size=32,
        mit_num_attention_heads=4,
        image_size=32,
        patch_size=8,
        num_frames=4,
    ),
    projection_dim=16,
    prompt_layers=2,
    prompt_num_attention_heads=4,
)
model = XCLIPModel(config).eval()
input_ids = torch.randint(1, 97, (3, 7))
input_ids[:, -1] = 98
with torch.no_grad():
    out = model(
        input_ids=input_ids,
        pixel_values=torch.randn(2, 4, 3, 32, 32),
        attention_mask=torch.ones_like(input_ids),
        return_loss=False,
    )
print(out.logits_per_video.softmax(dim=1), out.text_embeds.shape)
