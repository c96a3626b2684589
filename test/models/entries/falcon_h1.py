"""A tiny Falcon H1: attention and a state space in each layer, a step with their cache."""
# modules: transformers.models.falcon_h1.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import FalconH1Config, FalconH1ForCausalLM

config = FalconH1Config(
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
    mamba_d_ssm=32,
    mamba_n_heads=4,
    mamba_d_head=8,
    mamba_d_state=8,
    mamba_chunk_size=4,
)
model = FalconH1ForCausalLM(config)
ids = torch.randint(3, 99, (2, 7))
mask = torch.ones_like(ids)
out = model(input_ids=ids, attention_mask=mask, labels=ids)
out.loss.backward()
model.eval()
with torch.no_grad():
    out = model(input_ids=ids, attention_mask=mask, use_cache=True)
    step = model(input_ids=ids[:, -1:], past_key_values=out.past_key_values, use_cache=True)
    print(out.logits.shape, step.logits.shape)
