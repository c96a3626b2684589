"""Functions of torch.nn.functional that are compositions of others."""

import torch
import torch.nn.functional as F

from .attention import multi_head_attention_forward


def linear_cross_entropy(input, linear_weight, target, *, linear_bias=None, weight=None, reduction='mean',
                         ignore_index=None, label_smoothing=0.0, options=None):
    sizes = linear_weight.shape[:-1]
    if len(sizes) > 1 and input.dim() != 2:
        raise RuntimeError(f'a weight of more than 2 dims needs an input of 2 dims, and it has {input.dim()}')
    bias = linear_bias if linear_bias is None else linear_bias.flatten()
    scores = F.linear(input, linear_weight.flatten(0, -2), bias)
    if len(sizes) > 1:
        scores = scores.unflatten(-1, sizes)
    return F.cross_entropy(scores, target, weight=weight, reduction=reduction, label_smoothing=label_smoothing)


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
