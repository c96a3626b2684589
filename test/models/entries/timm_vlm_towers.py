"""The towers that read images for language models, as timm has them: DeepSeek, Qwen3, Gemma 4."""
# modules: timm.models.deepseek_vit timm.models.qwen3_vit timm.models.gemma4_vit timm.layers.*

import torch
from timm.models.deepseek_vit import DeepseekVitClassifier
from timm.models.gemma4_vit import Gemma4VitClassifier, Gemma4VitEncoder
from timm.models.qwen3_vit import Qwen3VitClassifier

x = torch.randn(2, 3, 64, 64)
deepseek = DeepseekVitClassifier(img_size=64, patch_size=8, num_classes=5, embed_dim=32, depth=2, num_heads=4).eval()
qwen = Qwen3VitClassifier(img_size=64, patch_size=8, num_classes=5, embed_dim=32, depth=2, num_heads=4).eval()
gemma = Gemma4VitClassifier(img_size=48, patch_size=8, num_classes=5, embed_dim=32, depth=2, num_heads=4, head_dim=8).eval()
encoder = Gemma4VitEncoder(patch_size=8, embed_dim=32, depth=1, num_heads=4, head_dim=8).eval()
with torch.no_grad():
    print(deepseek(x).shape, qwen(x).shape, gemma(x[:, :, :48, :48]).shape, encoder(x[:, :, :48, :48]).shape)
