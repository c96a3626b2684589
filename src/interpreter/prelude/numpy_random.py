"""numpy.random as far as shapes flow through it."""

import torch

from .numpy import _shape, float64, int64, ndarray


def _made(shape, dtype):
    return ndarray(torch.empty(() if shape is None else _shape(shape), dtype=dtype))


def rand(*shape): return _made(shape, float64)
def randn(*shape): return _made(shape, float64)
def random(size=None): return _made(size, float64)
def random_sample(size=None): return _made(size, float64)
def standard_normal(size=None, dtype=None): return _made(size, float64)
def normal(loc=0.0, scale=1.0, size=None): return _made(size, float64)
def uniform(low=0.0, high=1.0, size=None): return _made(size, float64)
def randint(low, high=None, size=None, dtype=None): return _made(size, int64)
def integers(low, high=None, size=None, dtype=None): return _made(size, int64)
def permutation(x): return _made(x, int64) if isinstance(x, int) else ndarray(torch.empty_like(x.tensor))
def seed(seed=None): return None
def shuffle(x): return None


class Generator:
    def random(self, size=None): return _made(size, float64)
    def standard_normal(self, size=None, dtype=None): return _made(size, float64)
    def normal(self, loc=0.0, scale=1.0, size=None): return _made(size, float64)
    def uniform(self, low=0.0, high=1.0, size=None): return _made(size, float64)
    def integers(self, low, high=None, size=None, dtype=None): return _made(size, int64)
    def permutation(self, x): return permutation(x)


RandomState = Generator


def default_rng(seed=None):
    return Generator()
