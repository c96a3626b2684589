"""A tiny LongT5: local attention and summaries of blocks."""
# modules: transformers.models.longt5.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import LongT5Config, LongT5ForConditionalGeneration

config = LongT5Config(
    vocab_size=99,
    d_model=32,
    d_kv=8,
    d_ff=48,
    num_layers=2,
    num_decoder_layers=2,
    num_heads=4,
    local_radius=4,
    global_block_size=4,
    encoder_attention_type="transient-global",
    decoder_start_token_id=0,
)
model = LongT5ForConditionalGeneration(config).eval()
ids = torch.randint(2, 99, (2, 23))
mask = torch.ones_like(ids)
mask[1, 18:] = 0
with torch.no_grad():
    out = model(input_ids=ids, attention_mask=mask, labels=torch.randint(2, 99, (2, 6)), output_hidden_states=True)
print(out.loss, out.logits.shape, out.encoder_hidden_states[-1].shape)
