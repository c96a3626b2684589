"""A tiny CSM: the first code of each frame of speech."""
# modules: transformers.models.csm.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import CsmBackboneModel, CsmConfig

config = CsmConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_codebooks=4,
    text_vocab_size=50,
    num_key_value_heads=2,
    max_position_embeddings=64,
    depth_decoder_config=dict(
        num_codebooks=4,
        backbone_hidden_size=32,
        vocab_size=99,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
    ),
)
config._attn_implementation = "sdpa"
model = CsmBackboneModel(config).eval()
frames = torch.randint(0, 99, (2, 6, 4))
with torch.no_grad():
    out = model(input_ids=frames, attention_mask=torch.ones(2, 6, dtype=torch.long), use_cache=True)
    step = model(input_ids=frames[:, -1:], past_key_values=out.past_key_values)
print(out.last_hidden_state.shape, step.last_hidden_state.shape)
