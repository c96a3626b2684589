"""A tiny Byte Latent Transformer: bytes, patches of bytes and bytes again."""
# modules: transformers.models.blt.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import BltConfig, BltForCausalLM

sizes = dict(hidden_size=32, num_attention_heads=4, num_key_value_heads=4, intermediate_size=48, num_hidden_layers=2)
config = BltConfig(
    vocab_size=260,
    max_position_embeddings=128,
    patch_size=4,
    patching_mode="entropy",
    patching_threshold=1.3,
    encoder_hash_byte_group_size=[3, 4],
    encoder_hash_byte_group_vocab=64,
    patcher_config=dict(sizes, vocab_size=260, max_position_embeddings=128),
    encoder_config=dict(sizes, vocab_size=260, hidden_size_global=64, cross_attn_k=2, max_position_embeddings=128),
    decoder_config=dict(sizes, vocab_size=260, hidden_size_global=64, cross_attn_k=2, max_position_embeddings=128),
    global_config=dict(sizes, hidden_size=64, max_position_embeddings=128),
)
torch.manual_seed(0)
model = BltForCausalLM(config).eval()
input_ids = torch.randint(4, 260, (2, 16))
with torch.no_grad():
    out = model(input_ids=input_ids, attention_mask=torch.ones_like(input_ids), labels=input_ids, use_cache=False)
print(out.loss, out.logits.shape)
