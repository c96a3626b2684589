"""A tiny RWKV: a recurrence in the place of attention."""
# modules: transformers.models.rwkv.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import RwkvConfig, RwkvForCausalLM

config = RwkvConfig(vocab_size=99, hidden_size=32, num_hidden_layers=2, context_length=16)
model = RwkvForCausalLM(config).eval()
input_ids = torch.randint(0, 99, (2, 5))
with torch.no_grad():
    out = model(input_ids=input_ids, labels=input_ids)
    print(out.loss, out.logits.shape)
