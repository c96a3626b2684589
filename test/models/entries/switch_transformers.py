"""A tiny Switch Transformer: one expert for each token."""
# modules: transformers.models.switch_transformers.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import SwitchTransformersConfig, SwitchTransformersForConditionalGeneration

config = SwitchTransformersConfig(
    vocab_size=99,
    d_model=32,
    d_kv=8,
    d_ff=48,
    num_layers=2,
    num_sparse_encoder_layers=1,
    num_decoder_layers=2,
    num_sparse_decoder_layers=1,
    num_heads=4,
    num_experts=4,
    expert_capacity=8,
    decoder_start_token_id=0,
)
model = SwitchTransformersForConditionalGeneration(config).eval()
ids = torch.randint(2, 99, (2, 9))
with torch.no_grad():
    out = model(input_ids=ids, attention_mask=torch.ones_like(ids), labels=torch.randint(2, 99, (2, 5)))
print(out.loss, out.logits.shape)
