"""Functions of torch.nn.functional that are compositions of others."""

import torch
import torch.nn.functional as F

from .attention import multi_head_attention_forward


def triplet_margin_with_distance_loss(anchor, positive, negative, *, distance_function=None, margin=1.0, swap=False,
                                      reduction='mean'):
    if anchor.dim() != positive.dim() or anchor.dim() != negative.dim():
        raise RuntimeError(f'anchor, positive and negative must have the same number of dims, '
                           f'and they have {anchor.dim()}, {positive.dim()} and {negative.dim()}')
    distance = F.pairwise_distance if distance_function is None else distance_function
    near, far = distance(anchor, positive), distance(anchor, negative)
    if swap:
        far = torch.minimum(far, distance(positive, negative))
    loss = F.relu(near - far + margin)
    if reduction == 'mean':
        return loss.mean()
    return loss.sum() if reduction == 'sum' else loss
