"""A tiny TrOCR in training: a ViT read by a decoder of text."""
# modules: transformers.models.trocr.* transformers.models.vision_encoder_decoder.* transformers.models.vit.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import TrOCRConfig, TrOCRForCausalLM, ViTConfig, ViTModel, VisionEncoderDecoderModel

encoder = ViTModel(
    ViTConfig(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48, image_size=32, patch_size=8
    )
)
decoder = TrOCRForCausalLM(
    TrOCRConfig(
        vocab_size=99,
        d_model=32,
        decoder_layers=2,
        decoder_attention_heads=4,
        decoder_ffn_dim=48,
        max_position_embeddings=32,
        cross_attention_hidden_size=32,
        is_decoder=True,
        add_cross_attention=True,
    )
)
model = VisionEncoderDecoderModel(encoder=encoder, decoder=decoder)
model.config.decoder_start_token_id = 1
model.config.pad_token_id = 0
out = model(pixel_values=torch.randn(2, 3, 32, 32), labels=torch.randint(3, 99, (2, 6)))
out.loss.backward()
print(out.loss, out.logits.shape)
