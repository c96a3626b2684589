"""A tiny T5Gemma: an encoder and a decoder with soft-capped local and global attention."""
# modules: transformers.models.t5gemma.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import T5GemmaConfig, T5GemmaForConditionalGeneration

half = dict(
    vocab_size=99, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, head_dim=8,
    sliding_window=4, query_pre_attn_scalar=8, attn_implementation="eager",
)
config = T5GemmaConfig(encoder=half, decoder=half, vocab_size=99, decoder_start_token_id=2)
model = T5GemmaForConditionalGeneration(config).eval()
ids = torch.randint(3, 99, (2, 9))
mask = torch.ones_like(ids)
mask[1, 7:] = 0
with torch.no_grad():
    out = model(input_ids=ids, attention_mask=mask, labels=torch.randint(3, 99, (2, 6)))
    text = model.generate(input_ids=ids, attention_mask=mask, max_new_tokens=4, min_new_tokens=4, do_sample=False)
print(out.loss, out.logits.shape, text.shape)
