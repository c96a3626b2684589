"""A tiny BridgeTower: layers of picture and text that bridges join."""
# modules: transformers.models.bridgetower.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import BridgeTowerConfig, BridgeTowerForImageAndTextRetrieval

config = BridgeTowerConfig(
    hidden_size=32,
    num_attention_heads=4,
    num_hidden_layers=2,
    intermediate_size=48,
    text_config=dict(vocab_size=99, hidden_size=32, num_hidden_layers=3, num_attention_heads=4, intermediate_size=48, max_position_embeddings=40),
    vision_config=dict(hidden_size=64, num_hidden_layers=3, patch_size=8, image_size=32),
)
config.vision_config.hidden_size = 64
config.hidden_size = 64
config.text_config.hidden_size = 64
model = BridgeTowerForImageAndTextRetrieval(config).eval()
ids = torch.randint(2, 99, (2, 9))
with torch.no_grad():
    out = model(
        input_ids=ids,
        attention_mask=torch.ones_like(ids),
        pixel_values=torch.randn(2, 3, 32, 32),
        pixel_mask=torch.ones(2, 32, 32, dtype=torch.long),
        labels=torch.tensor([0, 1]),
    )
print(out.loss, out.logits.shape)
