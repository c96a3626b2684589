"""A tiny DeiT: a token for a teacher, then patches that are masked."""
# modules: transformers.models.deit.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import DeiTConfig, DeiTForImageClassificationWithTeacher, DeiTForMaskedImageModeling

sizes = dict(
    hidden_size=32,
    num_hidden_layers=2,
    num_attention_heads=4,
    intermediate_size=48,
    image_size=32,
    patch_size=8,
    encoder_stride=8,
)
model = DeiTForImageClassificationWithTeacher(DeiTConfig(**sizes, num_labels=4)).eval()
x = torch.randn(2, 3, 32, 32)
print(model(x).logits.shape)
masked = DeiTForMaskedImageModeling(DeiTConfig(**sizes))
out = masked(x, bool_masked_pos=torch.randint(0, 2, (2, 16)).bool())
out.loss.backward()
print(out.reconstruction.shape)
