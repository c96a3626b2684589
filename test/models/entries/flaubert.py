"""A tiny FlauBERT: where an answer begins and ends, by beams over its ends."""
# modules: transformers.models.flaubert.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import FlaubertConfig, FlaubertForQuestionAnswering, FlaubertWithLMHeadModel

config = FlaubertConfig(vocab_size=99, emb_dim=32, n_layers=2, n_heads=4, max_position_embeddings=40, start_n_top=3, end_n_top=2, n_langs=2)
ids = torch.randint(3, 99, (2, 9))
lengths = torch.tensor([9, 6])
with torch.no_grad():
    words = FlaubertWithLMHeadModel(config).eval()(ids, lengths=lengths, labels=ids, langs=torch.zeros_like(ids))
    model = FlaubertForQuestionAnswering(config).eval()
    trained = model(ids, start_positions=torch.tensor([1, 2]), end_positions=torch.tensor([4, 3]), cls_index=torch.tensor([0, 0]))
    found = model(ids, attention_mask=torch.ones_like(ids))
print(words.logits.shape, trained.loss, found.start_top_index.shape, found.end_top_log_probs.shape)
