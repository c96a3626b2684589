"""A tiny Bark: the codes of sound that a text has, coarse ones first."""
# modules: transformers.models.bark.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import BarkCoarseConfig, BarkCoarseModel, BarkFineConfig, BarkFineModel, BarkSemanticConfig, BarkSemanticModel

sizes = dict(block_size=64, num_layers=2, num_heads=4, hidden_size=32, input_vocab_size=50, output_vocab_size=50)
semantic = BarkSemanticModel(BarkSemanticConfig(**sizes)).eval()
coarse = BarkCoarseModel(BarkCoarseConfig(**sizes)).eval()
fine = BarkFineModel(BarkFineConfig(n_codes_total=4, n_codes_given=1, **sizes)).eval()
ids = torch.randint(0, 50, (2, 10))
with torch.no_grad():
    first = semantic(input_ids=ids, attention_mask=torch.ones(2, 10, dtype=torch.long), use_cache=True)
    second = coarse(input_ids=first.logits.argmax(-1))
    codes = torch.randint(0, 50, (2, 10, 4))
    third = fine(codebook_idx=2, input_ids=codes)
print(first.logits.shape, second.logits.shape, third.logits.shape)
