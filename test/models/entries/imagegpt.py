"""A tiny ImageGPT: the clusters of pixels as tokens, classified."""
# modules: transformers.models.imagegpt.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import ImageGPTConfig, ImageGPTForCausalImageModeling, ImageGPTForImageClassification

config = ImageGPTConfig(vocab_size=17, n_positions=16, n_embd=32, n_layer=2, n_head=4, num_labels=3)
ids = torch.randint(0, 16, (2, 16))
with torch.no_grad():
    modelled = ImageGPTForCausalImageModeling(config).eval()(ids, labels=ids)
    classified = ImageGPTForImageClassification(config).eval()(ids)
    print(modelled.logits.shape, classified.logits.shape)
