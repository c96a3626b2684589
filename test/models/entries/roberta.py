"""A tiny RoBERTa in training: labels of tokens, a loss, and a step of the optimiser."""
# modules: transformers.models.roberta.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import RobertaConfig, RobertaForTokenClassification

config = RobertaConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    max_position_embeddings=24,
    num_labels=5,
)
model = RobertaForTokenClassification(config)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
input_ids = torch.randint(3, 99, (2, 9))
input_ids[1, 6:] = 1
attention_mask = (input_ids != 1).long()
labels = torch.randint(0, 5, (2, 9)).masked_fill(attention_mask == 0, -100)
model.train()
for _ in range(2):
    out = model(input_ids=input_ids, attention_mask=attention_mask, labels=labels)
    optimizer.zero_grad()
    out.loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
predicted = out.logits.detach().argmax(-1)
print(out.loss, (predicted == labels).float().mean())
