"""A tiny T5: encoder and decoder with relative position biases."""
# modules: transformers.models.t5.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import T5Config, T5ForConditionalGeneration

config = T5Config(vocab_size=99, d_model=32, d_kv=8, d_ff=48, num_layers=2, num_heads=4, decoder_start_token_id=0)
model = T5ForConditionalGeneration(config).eval()
input_ids = torch.randint(1, 99, (2, 7))
labels = torch.randint(1, 99, (2, 5))
with torch.no_grad():
    out = model(input_ids=input_ids, labels=labels)
    print(out.loss, out.logits.shape, out.encoder_last_hidden_state.shape)
