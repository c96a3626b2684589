"""A tiny Kosmos-2: a picture in the middle of a text."""
# modules: transformers.models.kosmos2.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Kosmos2Config, Kosmos2ForConditionalGeneration

config = Kosmos2Config(
    text_config=dict(vocab_size=99, embed_dim=32, layers=2, ffn_dim=48, attention_heads=4, max_position_embeddings=64),
    vision_config=dict(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, image_size=32, patch_size=8),
    latent_query_num=4,
)
model = Kosmos2ForConditionalGeneration(config).eval()
input_ids = torch.randint(3, 99, (2, 12))
positions = torch.zeros(2, 12, dtype=torch.long)
positions[:, 2:6] = 1
with torch.no_grad():
    out = model(
        pixel_values=torch.randn(2, 3, 32, 32),
        input_ids=input_ids,
        image_embeds_position_mask=positions,
        attention_mask=torch.ones(2, 12, dtype=torch.long),
        labels=input_ids,
    )
print(out.loss, out.logits.shape)
