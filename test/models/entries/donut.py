"""A tiny Donut: a Swin reads a page, an mBART decoder writes what is on it."""
# modules: transformers.models.donut.* transformers.models.mbart.* transformers.models.vision_encoder_decoder.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import DonutSwinConfig, DonutSwinModel, MBartConfig, MBartForCausalLM, VisionEncoderDecoderModel

vision = DonutSwinConfig(image_size=[64, 32], patch_size=4, embed_dim=8, depths=[1, 2], num_heads=[2, 4], window_size=4)
text = MBartConfig(
    vocab_size=99,
    d_model=16,
    decoder_layers=2,
    decoder_attention_heads=4,
    decoder_ffn_dim=32,
    max_position_embeddings=64,
    is_decoder=True,
    add_cross_attention=True,
    is_encoder_decoder=False,
)
model = VisionEncoderDecoderModel(encoder=DonutSwinModel(vision), decoder=MBartForCausalLM(text)).eval()
model.config.decoder_start_token_id = 2
model.config.pad_token_id = 1
pixel_values = torch.rand(2, 3, 64, 32)
with torch.no_grad():
    out = model(pixel_values=pixel_values, labels=torch.randint(4, 99, (2, 7)))
    print(out.loss, out.logits.shape)
    hidden = model.encoder(pixel_values, output_attentions=True)
    print(hidden.last_hidden_state.shape, [a.shape for a in hidden.attentions])
