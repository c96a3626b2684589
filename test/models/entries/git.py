"""A tiny GIT: an image in front of its caption."""
# modules: transformers.models.git.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import GitConfig, GitForCausalLM

vision = dict(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, image_size=32, patch_size=8)
config = GitConfig(vision_config=vision, vocab_size=99, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48)
model = GitForCausalLM(config).eval()
with torch.no_grad():
    out = model(input_ids=torch.randint(0, 99, (2, 6)), pixel_values=torch.randn(2, 3, 32, 32))
    print(out.logits.shape)
