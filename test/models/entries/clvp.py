"""A tiny CLVP: speech codes that fit to a text."""
# modules: transformers.models.clvp.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import ClvpConfig, ClvpModelForConditionalGeneration

config = ClvpConfig(
    text_config=dict(vocab_size=60, hidden_size=128, intermediate_size=48, projection_dim=64, num_hidden_layers=2, num_attention_heads=4, bos_token_id=55),
    speech_config=dict(vocab_size=60, hidden_size=128, intermediate_size=48, projection_dim=64, num_hidden_layers=2, num_attention_heads=4, bos_token_id=55),
    decoder_config=dict(
        vocab_size=60,
        max_position_embeddings=96,
        max_text_tokens=32,
        hidden_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_mel_attn_blocks=1,
        feature_size=16,
        bos_token_id=58,
        eos_token_id=59,
        decoder_fixing_codes=[1, 2, 2, 3],
    ),
    projection_dim=64,
)
model = ClvpModelForConditionalGeneration(config).eval()
ids = torch.randint(1, 50, (2, 7))
with torch.no_grad():
    out = model(input_ids=ids, input_features=torch.randn(2, 16, 40), attention_mask=torch.ones_like(ids))
print(out.logits_per_speech.shape, out.text_embeds.shape)
