"""A tiny Bamba: Mamba 2 and attention by turns, text generated with its cache."""
# modules: transformers.models.bamba.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import BambaConfig, BambaForCausalLM

config = BambaConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=3,
    num_attention_heads=4,
    num_key_value_heads=2,
    attn_layer_indices=[1],
    mamba_n_heads=8,
    mamba_d_state=8,
    mamba_n_groups=1,
    mamba_chunk_size=4,
    max_position_embeddings=64,
)
model = BambaForCausalLM(config).eval()
input_ids = torch.randint(3, 99, (2, 10))
with torch.no_grad():
    out = model(input_ids, labels=input_ids, output_hidden_states=True)
    print(out.loss, len(out.hidden_states))
    print(model.generate(input_ids, max_new_tokens=3, do_sample=False).shape)
