"""A tiny MGP-STR: characters, pieces and words that a picture spells."""
# modules: transformers.models.mgp_str.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import MgpstrConfig, MgpstrForSceneTextRecognition

config = MgpstrConfig(
    image_size=[32, 64],
    patch_size=8,
    max_token_length=7,
    num_character_labels=20,
    num_bpe_labels=30,
    num_wordpiece_labels=40,
    hidden_size=32,
    num_hidden_layers=2,
    num_attention_heads=4,
)
model = MgpstrForSceneTextRecognition(config).eval()
with torch.no_grad():
    out = model(torch.randn(2, 3, 32, 64), output_a3_attentions=True)
characters, pieces, words = out.logits
print(characters.shape, pieces.shape, words.shape, characters.argmax(-1))
