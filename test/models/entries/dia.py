"""A tiny Dia: several streams of codes that speak a text."""
# modules: transformers.models.dia.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import DiaConfig, DiaForConditionalGeneration

config = DiaConfig(
    encoder_config=dict(max_position_embeddings=64, num_hidden_layers=2, hidden_size=32, num_attention_heads=4, num_key_value_heads=4, head_dim=8, intermediate_size=48, vocab_size=50),
    decoder_config=dict(
        max_position_embeddings=64,
        num_hidden_layers=2,
        hidden_size=32,
        intermediate_size=48,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=8,
        cross_num_attention_heads=4,
        cross_head_dim=8,
        cross_num_key_value_heads=4,
        cross_hidden_size=32,
        vocab_size=40,
        num_channels=3,
    ),
    pad_token_id=37,
    eos_token_id=36,
    bos_token_id=38,
    delay_pattern=[0, 2, 3],
)
model = DiaForConditionalGeneration(config).eval()
text = torch.randint(1, 50, (2, 9))
codes = torch.randint(0, 36, (2, 7, 3))
with torch.no_grad():
    out = model(input_ids=text, attention_mask=torch.ones_like(text), decoder_input_ids=codes)
print(out.logits.shape)
