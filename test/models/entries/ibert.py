"""A tiny I-BERT: everything in whole numbers, as its quantised layers compute."""
# modules: transformers.models.ibert.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import IBertConfig, IBertForMaskedLM, IBertForMultipleChoice

config = IBertConfig(
    vocab_size=99, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48, max_position_embeddings=40, quant_mode=True,
)
ids = torch.randint(2, 99, (2, 9))
mask = torch.ones_like(ids)
ids[1, 7:], mask[1, 7:] = 1, 0
with torch.no_grad():
    out = IBertForMaskedLM(config).eval()(input_ids=ids, attention_mask=mask, labels=ids)
    config.quant_mode = False
    choices = torch.randint(2, 99, (2, 3, 7))
    chosen = IBertForMultipleChoice(config).eval()(input_ids=choices, labels=torch.tensor([0, 2]))
print(out.loss, out.logits.shape, chosen.logits.shape)
