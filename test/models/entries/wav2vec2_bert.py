"""A tiny Wav2Vec2-BERT: letters of speech by CTC."""
# modules: transformers.models.wav2vec2_bert.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Wav2Vec2BertConfig, Wav2Vec2BertForCTC

config = Wav2Vec2BertConfig(
    vocab_size=30,
    hidden_size=32,
    num_hidden_layers=2,
    num_attention_heads=4,
    intermediate_size=48,
    feature_projection_input_dim=16,
    conv_depthwise_kernel_size=7,
    left_max_position_embeddings=8,
    right_max_position_embeddings=4,
    add_adapter=True,
    output_hidden_size=32,
)
model = Wav2Vec2BertForCTC(config).eval()
features = torch.randn(2, 40, 16)
mask = torch.ones(2, 40, dtype=torch.long)
mask[1, 31:] = 0
labels = torch.randint(1, 30, (2, 5))
with torch.no_grad():
    out = model(input_features=features, attention_mask=mask, labels=labels)
ids = out.logits.argmax(dim=-1)
print(out.loss, ids.shape)
