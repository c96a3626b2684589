"""A tiny OmDet-Turbo: boxes of the classes that a text names."""
# modules: transformers.models.omdet_turbo.* transformers.models.swin.* transformers.models.clip.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import OmDetTurboConfig, OmDetTurboForObjectDetection, SwinConfig

backbone = SwinConfig(image_size=64, embed_dim=16, depths=[1, 1, 1, 1], num_heads=[2, 2, 4, 4], window_size=4, out_features=["stage2", "stage3", "stage4"])
config = OmDetTurboConfig(
    text_config=dict(
        model_type="clip_text_model", vocab_size=99, hidden_size=48, intermediate_size=64, projection_dim=48, num_hidden_layers=2,
        num_attention_heads=4, max_position_embeddings=16, eos_token_id=2, bos_token_id=1,
    ),
    backbone_config=backbone, apply_layernorm_after_vision_backbone=False, image_size=64, text_projection_in_dim=48, text_projection_out_dim=48, task_encoder_hidden_dim=48, class_embed_dim=48,
    num_queries=8, encoder_hidden_dim=32, vision_features_channels=[32, 32, 32], encoder_in_channels=[32, 64, 128], encoder_attention_heads=4,
    encoder_dim_feedforward=48, decoder_hidden_dim=32, decoder_num_heads=4, decoder_num_layers=2, decoder_dim_feedforward=48, decoder_num_points=2,
)
model = OmDetTurboForObjectDetection(config).eval()
classes = torch.randint(3, 99, (5, 6))
tasks = torch.randint(3, 99, (2, 10))
with torch.no_grad():
    out = model(
        pixel_values=torch.randn(2, 3, 64, 64),
        classes_input_ids=classes,
        classes_attention_mask=torch.ones_like(classes),
        tasks_input_ids=tasks,
        tasks_attention_mask=torch.ones_like(tasks),
        classes_structure=torch.tensor([3, 2]),
    )
print(out.decoder_coord_logits.shape, out.decoder_class_logits.shape)
