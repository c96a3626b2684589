"""A tiny Nyströmformer: attention through landmarks and an inverse that is iterated."""
# modules: transformers.models.nystromformer.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import NystromformerConfig, NystromformerForSequenceClassification

config = NystromformerConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    max_position_embeddings=64,
    segment_means_seq_len=24,
    num_landmarks=6,
    conv_kernel_size=5,
    num_labels=3,
)
model = NystromformerForSequenceClassification(config).eval()
input_ids = torch.randint(1, 99, (2, 24))
with torch.no_grad():
    out = model(input_ids=input_ids, attention_mask=torch.ones_like(input_ids), labels=torch.tensor([0, 2]))
    print(out.loss, out.logits.shape)
