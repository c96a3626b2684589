"""A tiny BigBird: attention to a window, to a few blocks at random and to the ends."""
# modules: transformers.models.big_bird.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import BigBirdConfig, BigBirdForMaskedLM

config = BigBirdConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    max_position_embeddings=128,
    block_size=4,
    num_random_blocks=2,
)
model = BigBirdForMaskedLM(config).eval()
input_ids = torch.randint(1, 99, (2, 62))
mask = torch.ones_like(input_ids)
mask[1, 50:] = 0
with torch.no_grad():
    out = model(input_ids=input_ids, attention_mask=mask, labels=input_ids)
    print(out.loss, out.logits.shape)
