"""A tiny SwiftFormer: additive attention on a pyramid."""
# modules: transformers.models.swiftformer.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import AutoModelForImageClassification, SwiftFormerConfig

config = SwiftFormerConfig(image_size=64, depths=[1, 1, 2, 1], embed_dims=[8, 12, 16, 24], num_labels=3)
model = AutoModelForImageClassification.from_config(config)
model.train()
out = model(pixel_values=torch.randn(2, 3, 64, 64), labels=torch.tensor([0, 2]))
out.loss.backward()
print(out.loss, model.swiftformer.encoder.network[0].blocks[0].layer_scale.grad.shape if hasattr(model.swiftformer.encoder.network[0].blocks[0], "layer_scale") else None)
