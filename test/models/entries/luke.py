"""A tiny LUKE: words and entities in one sequence."""
# modules: transformers.models.luke.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import LukeConfig, LukeForEntityPairClassification

config = LukeConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    entity_vocab_size=20,
    entity_emb_size=16,
    max_position_embeddings=64,
    num_labels=4,
)
model = LukeForEntityPairClassification(config).eval()
ids = torch.randint(3, 99, (2, 12))
positions = torch.full((2, 2, 5), -1)
positions[:, 0, :2] = torch.tensor([1, 2])
positions[:, 1, :3] = torch.tensor([5, 6, 7])
with torch.no_grad():
    out = model(
        input_ids=ids,
        attention_mask=torch.ones_like(ids),
        entity_ids=torch.tensor([[1, 2], [1, 2]]),
        entity_attention_mask=torch.ones(2, 2, dtype=torch.long),
        entity_position_ids=positions,
        labels=torch.tensor([0, 3]),
    )
print(out.loss, out.logits.shape)
