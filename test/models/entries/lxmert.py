"""A tiny LXMERT: words and regions of a picture that look at each other, with its pre-training heads."""
# modules: transformers.models.lxmert.*
# modules: transformers.masking_utils transformers.cache_utils transformers.modeling_rope_utils transformers.integrations.sdpa_attention
# modules: transformers.activations transformers.modeling_outputs transformers.modeling_layers transformers.pytorch_utils

import torch
from transformers import LxmertConfig, LxmertForPreTraining

config = LxmertConfig(
    vocab_size=99,
    hidden_size=32,
    num_attention_heads=4,
    intermediate_size=48,
    max_position_embeddings=32,
    l_layers=2,
    x_layers=2,
    r_layers=1,
    visual_feat_dim=24,
    num_qa_labels=7,
    num_object_labels=11,
    num_attr_labels=5,
)
model = LxmertForPreTraining(config).eval()
input_ids = torch.randint(1, 99, (2, 8))
regions = torch.randn(2, 6, 24)
boxes = torch.rand(2, 6, 4)
with torch.no_grad():
    out = model(
        input_ids=input_ids,
        visual_feats=regions,
        visual_pos=boxes,
        attention_mask=torch.ones_like(input_ids),
        visual_attention_mask=torch.ones(2, 6),
        labels=input_ids,
        matched_label=torch.tensor([0, 1]),
        ans=torch.tensor([3, 6]),
        obj_labels={
            "obj": (torch.randint(0, 11, (2, 6)), torch.ones(2, 6)),
            "attr": (torch.randint(0, 5, (2, 6)), torch.ones(2, 6)),
            "feat": (torch.randn(2, 6, 24), torch.ones(2, 6)),
        },
    )
print(out.loss, out.prediction_logits.shape, out.question_answering_score.shape)
