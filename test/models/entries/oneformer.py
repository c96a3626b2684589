"""A tiny OneFormer: one model for three tasks, told by its text."""
# modules: transformers.models.oneformer.* transformers.models.swin.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import OneFormerConfig, OneFormerModel, SwinConfig

backbone = SwinConfig(
    image_size=64, embed_dim=16, depths=[1, 1, 1, 1], num_heads=[2, 2, 4, 4], window_size=4, out_features=["stage1", "stage2", "stage3", "stage4"],
)
config = OneFormerConfig(
    backbone_config=backbone, num_queries=7, task_seq_len=9, text_encoder_width=64, text_encoder_context_length=9, text_encoder_num_layers=2,
    text_encoder_vocab_size=99, text_encoder_n_ctx=3, conv_dim=64, mask_dim=64, hidden_dim=64, encoder_feedforward_dim=48, encoder_layers=2,
    decoder_layers=3, num_attention_heads=4, dim_feedforward=48, num_labels=5,
)
model = OneFormerModel(config).eval()
pixels = torch.randn(2, 3, 64, 96)
with torch.no_grad():
    out = model(
        pixel_values=pixels,
        task_inputs=torch.randint(0, 99, (2, 9)),
        output_hidden_states=True,
    )
    classes = out.transformer_decoder_class_predictions.softmax(-1)[..., :-1]
    masks = out.transformer_decoder_mask_predictions.sigmoid()
    segmentation = torch.einsum("bqc, bqhw -> bchw", classes, masks)
print(out.transformer_decoder_contrastive_queries.shape, segmentation.shape)
