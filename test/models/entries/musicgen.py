"""A tiny MusicGen: a text read by T5, codes of EnCodec, several codebooks in one step."""
# modules: transformers.models.musicgen.* transformers.models.t5.* transformers.models.encodec.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import EncodecConfig, MusicgenConfig, MusicgenDecoderConfig, MusicgenForConditionalGeneration, T5Config

text = T5Config(vocab_size=99, d_model=24, d_kv=8, d_ff=40, num_layers=2, num_heads=3)
audio = EncodecConfig(
    num_filters=4,
    hidden_size=16,
    codebook_size=64,
    codebook_dim=16,
    upsampling_ratios=[4, 2],
    num_residual_layers=1,
    sampling_rate=800,
    target_bandwidths=[4.0],
)
decoder = MusicgenDecoderConfig(
    vocab_size=64,
    hidden_size=32,
    ffn_dim=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_codebooks=4,
    max_position_embeddings=64,
    pad_token_id=64,
    bos_token_id=64,
)
config = MusicgenConfig(text_encoder=text.to_dict(), audio_encoder=audio.to_dict(), decoder=decoder.to_dict())
model = MusicgenForConditionalGeneration(config).eval()
input_ids = torch.randint(2, 99, (2, 7))
decoder_input_ids = torch.full((2 * 4, 1), 64)
with torch.no_grad():
    out = model(input_ids=input_ids, attention_mask=torch.ones_like(input_ids), decoder_input_ids=decoder_input_ids, use_cache=True)
    codes = out.logits[:, -1].argmax(-1)
    step = model(
        encoder_outputs=(out.encoder_last_hidden_state,),
        attention_mask=torch.ones_like(input_ids),
        decoder_input_ids=codes.unsqueeze(-1),
        past_key_values=out.past_key_values,
        use_cache=True,
    )
    print(out.logits.shape, step.logits.shape)
    wave = model.audio_encoder.decode(torch.randint(0, 64, (1, 2, 4, 10)), [None])
    print(wave.audio_values.shape)
