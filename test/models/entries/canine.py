"""A tiny CANINE: characters without a vocabulary, shortened for its deep layers."""
# modules: transformers.models.canine.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import CanineConfig, CanineForSequenceClassification

config = CanineConfig(
    hidden_size=32,
    num_hidden_layers=2,
    num_attention_heads=4,
    intermediate_size=48,
    max_position_embeddings=128,
    num_hash_functions=4,
    num_hash_buckets=32,
    local_transformer_stride=16,
    downsampling_rate=4,
    upsampling_kernel_size=4,
    num_labels=3,
)
model = CanineForSequenceClassification(config).eval()
texts = ["a short line of text", "and another one that is longer"]
width = 32
input_ids = torch.tensor([[ord(c) for c in text.ljust(width, "\0")] for text in texts])
mask = (input_ids != 0).long()
with torch.no_grad():
    out = model(input_ids=input_ids, attention_mask=mask, labels=torch.tensor([0, 2]), output_attentions=True)
print(out.loss, out.logits.shape, len(out.attentions))
