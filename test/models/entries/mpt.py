"""A tiny MPT: ALiBi in the scores."""
# modules: transformers.models.mpt.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import MptConfig, MptForCausalLM

config = MptConfig(vocab_size=99, d_model=32, n_layers=2, n_heads=4, max_seq_len=64)
model = MptForCausalLM(config).eval()
input_ids = torch.randint(3, 99, (2, 7))
with torch.no_grad():
    out = model(input_ids=input_ids, attention_mask=torch.ones(2, 7, dtype=torch.long), labels=input_ids, use_cache=True)
    step = model(input_ids[:, -1:], past_key_values=out.past_key_values, use_cache=True)
    print(out.loss, step.logits.shape)
