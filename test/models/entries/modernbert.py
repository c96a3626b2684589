"""A tiny ModernBERT: local and global attention, a masked token that is filled in."""
# modules: transformers.models.modernbert.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import ModernBertConfig, ModernBertForMaskedLM

config = ModernBertConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=4,
    num_attention_heads=4,
    max_position_embeddings=64,
    local_attention=8,
    pad_token_id=0,
    cls_token_id=1,
    sep_token_id=2,
    bos_token_id=1,
    eos_token_id=2,
)
model = ModernBertForMaskedLM(config).eval()
input_ids = torch.randint(4, 99, (2, 12))
attention_mask = torch.ones_like(input_ids)
attention_mask[1, 8:] = 0
labels = torch.full_like(input_ids, -100)
labels[:, 3] = input_ids[:, 3]
input_ids[:, 3] = 3
with torch.no_grad():
    out = model(input_ids, attention_mask=attention_mask, labels=labels, output_hidden_states=True)
    filled = out.logits[:, 3].softmax(-1).topk(5)
print(out.loss, filled.indices.shape, len(out.hidden_states), out.hidden_states[-1].shape)
