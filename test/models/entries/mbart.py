"""A tiny mBART: a step of training, then a few tokens of translation, chosen greedily."""
# modules: transformers.models.mbart.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import MBartConfig, MBartForConditionalGeneration

config = MBartConfig(
    vocab_size=99,
    max_position_embeddings=32,
    encoder_layers=2,
    decoder_layers=2,
    encoder_ffn_dim=48,
    decoder_ffn_dim=48,
    encoder_attention_heads=4,
    decoder_attention_heads=4,
    d_model=32,
    decoder_start_token_id=3,
    forced_eos_token_id=None,
)
model = MBartForConditionalGeneration(config)
input_ids = torch.randint(4, 99, (2, 8))
attention_mask = torch.ones_like(input_ids)
labels = torch.randint(4, 99, (2, 6))
out = model(input_ids=input_ids, attention_mask=attention_mask, labels=labels)
out.loss.backward()
print(out.loss, out.logits.shape, out.encoder_last_hidden_state.shape)

model.eval()
with torch.no_grad():
    encoded = model.get_encoder()(input_ids, attention_mask=attention_mask)
    tokens = torch.full((2, 1), config.decoder_start_token_id)
    cache = None
    for _ in range(4):
        step = model(
            encoder_outputs=encoded,
            attention_mask=attention_mask,
            decoder_input_ids=tokens if cache is None else tokens[:, -1:],
            past_key_values=cache,
            use_cache=True,
        )
        cache = step.past_key_values
        tokens = torch.cat([tokens, step.logits[:, -1].argmax(-1, keepdim=True)], dim=-1)
print(tokens.shape)
