"""scipy.optimize: an assignment has as many pairs as the shorter side of its costs."""

import torch

from .numpy import _tensor, int64, ndarray


def linear_sum_assignment(cost_matrix, maximize=False):
    rows, columns = _tensor(cost_matrix).shape
    pairs = min(rows, columns)
    return ndarray(torch.empty(pairs, dtype=int64)), ndarray(torch.empty(pairs, dtype=int64))
