"""A tiny mT5: gated feed-forward layers, padded source and target."""
# modules: transformers.models.mt5.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import MT5Config, MT5ForConditionalGeneration

config = MT5Config(vocab_size=99, d_model=32, d_kv=8, d_ff=48, num_layers=2, num_heads=4, decoder_start_token_id=0)
model = MT5ForConditionalGeneration(config).eval()
attention_mask = torch.ones(2, 9, dtype=torch.long)
attention_mask[1, 6:] = 0
with torch.no_grad():
    out = model(torch.randint(2, 99, (2, 9)), attention_mask=attention_mask, labels=torch.randint(2, 99, (2, 5)))
    print(out.loss, out.logits.shape)
