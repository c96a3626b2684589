"""A tiny Fuyu: patches of a picture among the words."""
# modules: transformers.models.fuyu.* transformers.models.persimmon.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import FuyuConfig, FuyuForCausalLM

config = FuyuConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    image_size=16,
    patch_size=8,
    max_position_embeddings=64,
    pad_token_id=0,
    image_token_id=98,
    text_config=dict(model_type="persimmon", vocab_size=99, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4),
)
model = FuyuForCausalLM(config).eval()
ids = torch.randint(3, 90, (1, 10))
ids[:, :4] = 98
with torch.no_grad():
    out = model(input_ids=ids, image_patches=torch.randn(1, 4, 8 * 8 * 3), labels=ids)
print(out.loss, out.logits.shape)
