"""A tiny Grounding DINO: boxes of a picture for the words of a text."""
# modules: transformers.models.grounding_dino.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import BertConfig, GroundingDinoConfig, GroundingDinoForObjectDetection, SwinConfig

backbone = SwinConfig(
    image_size=64,
    patch_size=4,
    embed_dim=8,
    depths=[1, 1, 1, 1],
    num_heads=[1, 2, 2, 4],
    window_size=4,
    out_features=["stage2", "stage3", "stage4"],
)
text = BertConfig(
    vocab_size=99,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    max_position_embeddings=24,
)
config = GroundingDinoConfig(
    backbone_config=backbone,
    text_config=text.to_dict(),
    num_queries=6,
    encoder_layers=2,
    encoder_ffn_dim=48,
    encoder_attention_heads=4,
    decoder_layers=2,
    decoder_ffn_dim=48,
    decoder_attention_heads=4,
    d_model=32,
    max_text_len=16,
    encoder_n_points=2,
    decoder_n_points=2,
)
model = GroundingDinoForObjectDetection(config).eval()
ids = torch.randint(3, 99, (2, 7))
ids[:, 0], ids[:, -1] = 1, 2
with torch.no_grad():
    out = model(pixel_values=torch.randn(2, 3, 64, 64), input_ids=ids, attention_mask=torch.ones_like(ids))
print(out.logits.shape, out.pred_boxes.shape)
