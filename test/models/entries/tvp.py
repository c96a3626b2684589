"""A tiny TVP: when a video shows what a text says."""
# modules: transformers.models.tvp.* transformers.models.resnet.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import ResNetConfig, TvpConfig, TvpForVideoGrounding

backbone = ResNetConfig(embedding_size=8, hidden_sizes=[8, 16], depths=[1, 1], downsample_in_first_stage=True, out_features=["stage2"])
config = TvpConfig(
    backbone_config=backbone,
    vocab_size=99,
    hidden_size=16,
    intermediate_size=32,
    num_hidden_layers=2,
    num_attention_heads=4,
    max_position_embeddings=32,
    max_img_size=64,
    num_frames=2,
    visual_prompt_size=8,
    max_grid_row_position_embeddings=16,
    max_grid_col_position_embeddings=16,
)
model = TvpForVideoGrounding(config).eval()
ids = torch.randint(1, 99, (1, 6))
with torch.no_grad():
    out = model(input_ids=ids, attention_mask=torch.ones_like(ids), pixel_values=torch.randn(1, 2, 3, 64, 64))
print(out.logits)
