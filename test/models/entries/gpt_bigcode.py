"""A tiny GPTBigCode: one key and value for all heads, text by beam search."""
# modules: transformers.models.gpt_bigcode.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import GPTBigCodeConfig, GPTBigCodeForCausalLM

config = GPTBigCodeConfig(vocab_size=99, n_positions=64, n_embd=32, n_layer=2, n_head=4, bos_token_id=1, eos_token_id=2, pad_token_id=0)
model = GPTBigCodeForCausalLM(config).eval()
inputs = {"input_ids": torch.randint(3, 99, (2, 6)), "attention_mask": torch.ones(2, 6, dtype=torch.long)}
with torch.no_grad():
    out = model(**inputs, labels=inputs["input_ids"])
    beams = model.generate(**inputs, num_beams=3, max_new_tokens=3, min_new_tokens=3, num_return_sequences=2)
print(out.loss, beams.shape)
