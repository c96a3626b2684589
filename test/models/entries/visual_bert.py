"""A tiny VisualBERT: a question and the features of regions in one sequence."""
# modules: transformers.models.visual_bert.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import VisualBertConfig, VisualBertForQuestionAnswering

config = VisualBertConfig(
    vocab_size=99, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, visual_embedding_dim=20,
    num_labels=6,
)
model = VisualBertForQuestionAnswering(config).eval()
with torch.no_grad():
    out = model(
        torch.randint(0, 99, (2, 7)),
        attention_mask=torch.ones(2, 7, dtype=torch.long),
        visual_embeds=torch.randn(2, 5, 20),
        visual_attention_mask=torch.ones(2, 5, dtype=torch.long),
        visual_token_type_ids=torch.ones(2, 5, dtype=torch.long),
    )
    print(out.logits.shape)
