"""A tiny Mamba: a state-space model without kernels of its own."""
# modules: transformers.models.mamba.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import MambaConfig, MambaForCausalLM

config = MambaConfig(vocab_size=99, hidden_size=16, state_size=4, num_hidden_layers=2, conv_kernel=3, expand=2)
model = MambaForCausalLM(config).eval()
input_ids = torch.randint(0, 99, (2, 7))
with torch.no_grad():
    out = model(input_ids=input_ids, use_cache=True)
    print(out.logits.shape)
