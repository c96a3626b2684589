"""A tiny CvT: convolutions make the tokens and their queries, keys and values."""
# modules: transformers.models.cvt.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import CvtConfig, CvtForImageClassification

config = CvtConfig(embed_dim=[8, 16, 32], num_heads=[1, 2, 4], depth=[1, 2, 3], drop_path_rate=[0.0, 0.0, 0.0], num_labels=4)
model = CvtForImageClassification(config).eval()
with torch.no_grad():
    out = model(torch.randn(2, 3, 64, 64), labels=torch.tensor([1, 3]))
print(out.loss, out.logits.argmax(-1))
