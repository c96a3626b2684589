"""A tiny StarCoder2: a sliding window, tokens drawn one by one."""
# modules: transformers.models.starcoder2.* transformers.generation.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Starcoder2Config, Starcoder2ForCausalLM

config = Starcoder2Config(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    max_position_embeddings=64,
    pad_token_id=0,
    bos_token_id=1,
    eos_token_id=2,
    num_key_value_heads=2,
    sliding_window=4,
)
model = Starcoder2ForCausalLM(config)
ids = torch.randint(3, 99, (2, 7))
mask = torch.ones_like(ids)
out = model(input_ids=ids, attention_mask=mask, labels=ids)
out.loss.backward()
model.eval()
print(model.generate(ids, attention_mask=mask, max_new_tokens=4, num_beams=1, do_sample=True).shape)
