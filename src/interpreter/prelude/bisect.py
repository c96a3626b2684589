"""The bisect module: any place of a list."""

import torch

from .random import shuffle


def bisect_left(a, x, lo=0, hi=None, *, key=None): return torch.randint(len(a) + 1, ()).item()


bisect_right = bisect_left
bisect = bisect_left


def insort_left(a, x, lo=0, hi=None, *, key=None):
    a.append(x)
    shuffle(a)


insort_right = insort_left
insort = insort_left
