"""A tiny SAM 2: a mask for points that a person set on a picture."""
# modules: transformers.models.sam2.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import Sam2Config, Sam2HieraDetConfig, Sam2MaskDecoderConfig, Sam2Model, Sam2PromptEncoderConfig, Sam2VisionConfig

backbone = Sam2HieraDetConfig(
    hidden_size=8,
    image_size=[128, 128],
    num_attention_heads=1,
    blocks_per_stage=[1, 2, 2, 1],
    embed_dim_per_stage=[8, 16, 32, 64],
    num_attention_heads_per_stage=[1, 2, 4, 8],
    window_size_per_stage=[8, 4, 8, 4],
    window_positional_embedding_background_size=[4, 4],
    global_attention_blocks=[2, 4],
)
vision = Sam2VisionConfig(
    backbone_config=backbone,
    backbone_channel_list=[64, 32, 16, 8],
    backbone_feature_sizes=[[32, 32], [16, 16], [8, 8]],
    fpn_hidden_size=32,
)
config = Sam2Config(
    vision_config=vision,
    prompt_encoder_config=Sam2PromptEncoderConfig(hidden_size=32, image_size=128, patch_size=16, mask_input_channels=4),
    mask_decoder_config=Sam2MaskDecoderConfig(hidden_size=32, mlp_dim=48, num_attention_heads=4, iou_head_hidden_dim=32),
)
model = Sam2Model(config).eval()
points = torch.tensor([[[[30.0, 40.0], [90.0, 20.0]]]])
labels = torch.tensor([[[1, 0]]])
with torch.no_grad():
    out = model(pixel_values=torch.randn(1, 3, 128, 128), input_points=points, input_labels=labels, multimask_output=True)
    print(out.pred_masks.shape, out.iou_scores.shape)
    best = out.iou_scores.argmax(dim=-1)
    again = model(image_embeddings=model.get_image_embeddings(torch.randn(1, 3, 128, 128)), input_boxes=torch.tensor([[[5.0, 5.0, 60.0, 70.0]]]))
    print(best.shape, again.pred_masks.shape)
