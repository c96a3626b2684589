"""A tiny FSMT: translation with sinusoidal positions, time first, by beam search."""
# modules: transformers.models.fsmt.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import FSMTConfig, FSMTForConditionalGeneration

config = FSMTConfig(
    langs=["en", "de"], src_vocab_size=99, tgt_vocab_size=89, d_model=32, max_position_embeddings=40, encoder_ffn_dim=48, encoder_layers=2,
    encoder_attention_heads=4, decoder_ffn_dim=48, decoder_layers=2, decoder_attention_heads=4, num_beams=2,
)
model = FSMTForConditionalGeneration(config).eval()
ids = torch.randint(3, 89, (2, 8))
mask = torch.ones_like(ids)
ids[1, 6:], mask[1, 6:] = 1, 0
with torch.no_grad():
    out = model(input_ids=ids, attention_mask=mask, decoder_input_ids=torch.randint(3, 89, (2, 6)), use_cache=False, output_attentions=True)
    text = model.generate(input_ids=ids, attention_mask=mask, max_new_tokens=4, min_new_tokens=4, num_beams=2)
print(out.logits.shape, out.cross_attentions[0].shape, text.shape)
