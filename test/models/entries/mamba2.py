"""A tiny Mamba 2: a state space in chunks, then a step with its cache."""
# modules: transformers.models.mamba2.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Mamba2Config, Mamba2ForCausalLM

config = Mamba2Config(
    vocab_size=99,
    hidden_size=32,
    num_heads=8,
    head_dim=8,
    state_size=16,
    n_groups=2,
    conv_kernel=4,
    chunk_size=4,
    num_hidden_layers=2,
)
model = Mamba2ForCausalLM(config).eval()
with torch.no_grad():
    out = model(input_ids=torch.randint(0, 99, (2, 10)), use_cache=True)
    print(out.logits.shape)
    out = model(input_ids=torch.randint(0, 99, (2, 1)), cache_params=out.cache_params, use_cache=True)
    print(out.logits.shape)
