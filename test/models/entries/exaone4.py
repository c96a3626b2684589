"""A tiny EXAONE 4: windows and full attention by turns, text by beam search."""
# modules: transformers.models.exaone4.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Exaone4Config, Exaone4ForCausalLM

config = Exaone4Config(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=4,
    num_attention_heads=4,
    num_key_value_heads=2,
    sliding_window=6,
    sliding_window_pattern=4,
    max_position_embeddings=64,
    pad_token_id=0,
)
model = Exaone4ForCausalLM(config).eval()
ids = torch.randint(3, 99, (2, 8))
with torch.no_grad():
    out = model(ids, labels=ids, output_attentions=True)
    print(out.loss, out.logits.shape)
    print(model.generate(ids, max_new_tokens=4, do_sample=False, use_cache=True).shape)
