"""A tiny MPNet: sentences as means of their tokens, compared with each other."""
# modules: transformers.models.mpnet.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
import torch.nn.functional as F
from transformers import MPNetConfig, MPNetModel

config = MPNetConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    max_position_embeddings=24,
)
model = MPNetModel(config).eval()
ids = torch.randint(3, 99, (3, 9))
mask = torch.ones_like(ids)
mask[0, 5:] = 0
with torch.no_grad():
    states = model(ids, attention_mask=mask).last_hidden_state
weights = mask.unsqueeze(-1).expand(states.size()).float()
emb = (states * weights).sum(1) / weights.sum(1).clamp(min=1e-9)
emb = F.normalize(emb, p=2, dim=1)
print((emb @ emb.T).shape)
