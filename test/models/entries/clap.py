"""A tiny CLAP: sounds through shifted windows, texts through an encoder, and how well they fit."""
# modules: transformers.models.clap.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import ClapConfig, ClapModel

text = dict(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    max_position_embeddings=32,
    projection_dim=24,
)
audio = dict(
    window_size=4,
    num_mel_bins=16,
    spec_size=64,
    patch_size=4,
    patch_stride=[4, 4],
    num_classes=3,
    hidden_size=64,
    projection_dim=24,
    depths=[2, 2],
    num_attention_heads=[2, 4],
    patch_embeds_hidden_size=32,
    num_hidden_layers=2,
    enable_fusion=True,
)
model = ClapModel(ClapConfig(text_config=text, audio_config=audio, projection_dim=24)).eval()
input_ids = torch.randint(2, 99, (2, 9))
with torch.no_grad():
    out = model(
        input_ids=input_ids,
        attention_mask=torch.ones_like(input_ids),
        input_features=torch.randn(2, 4, 250, 16),
        is_longer=torch.tensor([[True], [False]]),
        return_loss=True,
    )
    print(out.loss, out.logits_per_text.shape)
