"""A tiny Pix2Struct: patches of a page to the tokens of a text."""
# modules: transformers.models.pix2struct.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Pix2StructConfig, Pix2StructForConditionalGeneration

config = Pix2StructConfig(
    text_config=dict(vocab_size=99, hidden_size=32, d_kv=8, d_ff=48, num_layers=2, num_heads=4),
    vision_config=dict(hidden_size=32, patch_embed_hidden_size=48, d_ff=48, d_kv=8, num_hidden_layers=2, num_attention_heads=4, seq_len=16),
)
model = Pix2StructForConditionalGeneration(config).eval()
rows = torch.arange(1, 5).repeat_interleave(3).float()
columns = torch.arange(1, 4).repeat(4).float()
pixels = torch.randn(12, 48)
patches = torch.cat([rows[:, None], columns[:, None], pixels], dim=-1).unsqueeze(0).repeat(2, 1, 1)
mask = torch.ones(2, 12)
mask[1, 9:] = 0
labels = torch.randint(2, 99, (2, 6))
with torch.no_grad():
    out = model(flattened_patches=patches, attention_mask=mask, labels=labels)
    print(out.loss, out.logits.shape, out.encoder_last_hidden_state.shape)
