"""A tiny Janus: it reads pictures through a SigLIP and draws them as tokens of a VQ-VAE."""
# modules: transformers.models.janus.* transformers.models.llama.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import JanusConfig, JanusForConditionalGeneration

config = JanusConfig(
    text_config=dict(
        model_type="llama", vocab_size=99, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=64, pad_token_id=0,
    ),
    vision_config=dict(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=4, image_size=16, patch_size=8, mlp_ratio=2, projection_dim=32, num_image_tokens=4, depth=2,
    ),
    vq_config=dict(
        embed_dim=8, num_embeddings=40, latent_channels=16, base_channels=32, channel_multiplier=[1, 2], num_res_blocks=1, projection_dim=32,
        num_patches=4, image_token_embed_dim=32,
    ),
    image_token_id=98,
)
model = JanusForConditionalGeneration(config).eval()
ids = torch.randint(3, 90, (2, 10))
ids[:, 1:5] = 98
with torch.no_grad():
    out = model(input_ids=ids, attention_mask=torch.ones_like(ids), pixel_values=torch.randn(2, 3, 16, 16), labels=ids)
    tokens = torch.randint(0, 40, (2, 4))
    pictures = model.decode_image_tokens(tokens)
    codes = model.model.vqmodel.encode(torch.randn(2, 3, 8, 8))
print(out.loss, out.logits.shape, pictures.shape, codes.image_tokens.shape)
