"""A tiny Moonshine: raw sound to text, some tokens at a time."""
# modules: transformers.models.moonshine.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import MoonshineConfig, MoonshineForConditionalGeneration

config = MoonshineConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    encoder_num_hidden_layers=2,
    decoder_num_hidden_layers=2,
    encoder_num_attention_heads=4,
    decoder_num_attention_heads=4,
    max_position_embeddings=64,
    pad_token_id=0,
)
model = MoonshineForConditionalGeneration(config).eval()
sound = torch.randn(1, 8000)
with torch.no_grad():
    out = model(input_values=sound, labels=torch.randint(3, 99, (1, 6)))
    print(out.loss, out.logits.shape)
    print(model.generate(sound, max_new_tokens=3, min_new_tokens=3).shape)
