"""The random module: any number of its range, any item of a collection."""

import torch


def _any_index(size): return torch.randint(size, ()).item()


def random(): return torch.rand(()).item()
def uniform(a, b): return torch.rand(()).item()
def gauss(mu=0.0, sigma=1.0): return torch.rand(()).item()
def normalvariate(mu=0.0, sigma=1.0): return torch.rand(()).item()
def betavariate(alpha, beta): return torch.rand(()).item()
def triangular(low=0.0, high=1.0, mode=None): return torch.rand(()).item()


def seed(a=None, version=2): return None
def randint(a, b): return torch.randint(a, b + 1, ()).item()
def getrandbits(k): return torch.randint(2 ** k, ()).item()


def randrange(start, stop=None, step=1):
    return choice(range(start) if stop is None else range(start, stop, step))


def choice(seq):
    return seq[_any_index(len(seq))]


def choices(population, weights=None, *, cum_weights=None, k=1):
    return [choice(population) for _ in range(k)]


def sample(population, k, *, counts=None):
    return choices(population, k=k)


def shuffle(x):
    if isinstance(x, list):
        x[:] = sample(x, len(x))


class Random:
    def __init__(self, x=None):
        pass

    seed = staticmethod(seed)
    random = staticmethod(random)
    uniform = staticmethod(uniform)
    gauss = staticmethod(gauss)
    randint = staticmethod(randint)
    randrange = staticmethod(randrange)
    choice = staticmethod(choice)
    choices = staticmethod(choices)
    sample = staticmethod(sample)
    shuffle = staticmethod(shuffle)
