"""A tiny xLSTM: matrix memories, a prompt in chunks and steps from its state."""
# modules: transformers.models.xlstm.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import xLSTMConfig, xLSTMForCausalLM

config = xLSTMConfig(
    vocab_size=99, hidden_size=64, embedding_dim=64, num_blocks=2, num_hidden_layers=2, num_heads=2, chunk_size=8, qk_dim_factor=1.0, max_inference_chunksize=16,
    ffn_round_up_to_multiple_of=16,
)
model = xLSTMForCausalLM(config).eval()
with torch.no_grad():
    out = model(torch.randint(3, 99, (2, 13)), use_cache=True)
    step = model(out.logits[:, -1:].argmax(-1), cache_params=out.cache_params)
    print(out.logits.shape, step.logits.shape)
