"""A tiny VideoMAE: tubes of a video, most of them hidden."""
# modules: transformers.models.videomae.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import VideoMAEConfig, VideoMAEForPreTraining

config = VideoMAEConfig(
    image_size=32,
    patch_size=8,
    num_frames=4,
    tubelet_size=2,
    hidden_size=32,
    num_hidden_layers=2,
    num_attention_heads=4,
    intermediate_size=48,
    decoder_hidden_size=16,
    decoder_num_hidden_layers=1,
    decoder_num_attention_heads=2,
    decoder_intermediate_size=32,
)
model = VideoMAEForPreTraining(config).eval()
bool_masked_pos = torch.zeros(2, 32, dtype=torch.bool)
bool_masked_pos[:, 8:] = True
with torch.no_grad():
    out = model(pixel_values=torch.randn(2, 4, 3, 32, 32), bool_masked_pos=bool_masked_pos)
    print(out.loss, out.logits.shape)
