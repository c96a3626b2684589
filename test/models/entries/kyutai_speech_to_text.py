"""A tiny Kyutai model: text from the codes of speech, with a cache."""
# modules: transformers.models.kyutai_speech_to_text.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import KyutaiSpeechToTextConfig, KyutaiSpeechToTextForConditionalGeneration

config = KyutaiSpeechToTextConfig(
    vocab_size=40, codebook_vocab_size=21, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=4,
    head_dim=8, ffn_dim=96, num_codebooks=3, sliding_window=8, max_position_embeddings=40,
    audio_bos_token_id=20, audio_pad_token_id=19, bos_token_id=38, pad_token_id=3,
    codec_config={"model_type": "mimi", "hidden_size": 16, "num_filters": 8, "upsample_groups": 4, "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 2,
                  "intermediate_size": 24, "codebook_size": 16, "codebook_dim": 8, "upsampling_ratios": [4, 2],
                  "vector_quantization_hidden_dimension": 8, "num_quantizers": 3, "num_semantic_quantizers": 1},
)
model = KyutaiSpeechToTextForConditionalGeneration(config).eval()
codes = torch.cat([torch.randint(4, 38, (2, 6, 1)), torch.randint(0, 18, (2, 6, 3))], dim=-1)
with torch.no_grad():
    out = model(input_ids=codes, use_cache=True)
    print(out.logits.shape)
