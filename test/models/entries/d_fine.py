"""A tiny D-FINE: boxes as distributions over distances."""
# modules: transformers.models.d_fine.* transformers.models.hgnet_v2.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import DFineConfig, DFineForObjectDetection, HGNetV2Config

backbone = HGNetV2Config(
    embedding_size=8, hidden_sizes=[16, 32, 64, 64], stem_channels=[3, 8, 8], stage_in_channels=[8, 16, 32, 64], stage_mid_channels=[8, 8, 16, 16], stage_out_channels=[16, 32, 64, 64],
    stage_num_blocks=[1, 1, 1, 1], stage_downsample=[False, True, True, True], stage_light_block=[False, False, True, True],
    stage_kernel_size=[3, 3, 5, 5], stage_numb_of_layers=[2, 2, 2, 2], out_features=["stage2", "stage3", "stage4"],
)
config = DFineConfig(
    backbone_config=backbone, encoder_hidden_dim=32, encoder_in_channels=[32, 64, 64], encoder_ffn_dim=48, encoder_attention_heads=4, d_model=32,
    num_queries=12, decoder_in_channels=[32, 32, 32], decoder_ffn_dim=48, decoder_n_points=[3, 2, 3], decoder_layers=2, decoder_attention_heads=4,
    num_denoising=10, num_labels=5, hidden_expansion=0.5, depth_mult=0.34,
)
model = DFineForObjectDetection(config).eval()
pixels = torch.randn(2, 3, 64, 96)
with torch.no_grad():
    out = model(pixel_values=pixels)
    many = model(pixel_values=torch.randn(1, 3, 128, 64))
scores, classes = out.logits.sigmoid().max(-1)
print(many.logits.shape, scores.shape, out.pred_boxes.shape)
