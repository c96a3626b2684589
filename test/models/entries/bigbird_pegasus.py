"""A tiny BigBird-Pegasus: a summary of a long text, read in blocks."""
# modules: transformers.models.bigbird_pegasus.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import BigBirdPegasusConfig, BigBirdPegasusForConditionalGeneration

config = BigBirdPegasusConfig(
    vocab_size=99,
    max_position_embeddings=256,
    d_model=32,
    encoder_layers=2,
    encoder_ffn_dim=48,
    encoder_attention_heads=4,
    decoder_layers=2,
    decoder_ffn_dim=48,
    decoder_attention_heads=4,
    block_size=8,
    num_random_blocks=2,
)
model = BigBirdPegasusForConditionalGeneration(config).eval()
input_ids = torch.randint(3, 99, (2, 128))
with torch.no_grad():
    out = model(input_ids=input_ids, attention_mask=torch.ones_like(input_ids), labels=torch.randint(3, 99, (2, 9)))
print(out.loss, out.logits.shape)
