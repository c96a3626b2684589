"""A tiny SuperGlue: matches of the key points that SuperPoint finds in two pictures."""
# modules: transformers.models.superglue.* transformers.models.superpoint.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import SuperGlueConfig, SuperGlueForKeypointMatching, SuperPointConfig

detector = SuperPointConfig(
    encoder_hidden_sizes=[8, 8, 16, 16], decoder_hidden_size=16, descriptor_decoder_dim=32, keypoint_threshold=0.0, max_keypoints=20, nms_radius=1,
)
config = SuperGlueConfig(
    keypoint_detector_config=detector, hidden_size=32, keypoint_encoder_sizes=[8, 16], gnn_layers_types=["self", "cross", "self"],
    num_attention_heads=4, sinkhorn_iterations=3,
)
model = SuperGlueForKeypointMatching(config).eval()
with torch.no_grad():
    out = model(torch.rand(1, 2, 3, 48, 64), output_hidden_states=True, output_attentions=True)
matched = (out.matches[:, 0] > -1).sum(-1)
print(matched.shape, out.matching_scores.dim(), out.keypoints.dim())
