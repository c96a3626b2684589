"""numpy.random as far as shapes flow through it."""

import torch
from random import shuffle as _shuffle_items

from .numpy import _dtype, _shape, _tensor, float64, int64, ndarray


def _made(shape, dtype):
    """An array; without a shape it is one of Python's numbers."""
    return torch.empty((), dtype=dtype).item() if shape is None else ndarray(torch.empty(_shape(shape), dtype=dtype))


def _drawn(size, dtype, *parameters):
    """Of the size that is asked for, else of that of the parameters."""
    if size is not None:
        return _made(size, dtype)
    numbers = [isinstance(p, (int, float)) for p in parameters]
    return _made(None if all(numbers) else torch.broadcast_shapes(*[_tensor(p).shape for p in parameters]), dtype)


def rand(*shape): return _made(shape if shape else None, float64)
def randn(*shape): return _made(shape if shape else None, float64)
def random(size=None, dtype=None): return _made(size, _dtype(dtype, float64))
def random_sample(size=None): return _made(size, float64)
def standard_normal(size=None, dtype=None): return _made(size, _dtype(dtype, float64))
def normal(loc=0.0, scale=1.0, size=None): return _drawn(size, float64, loc, scale)
def lognormal(mean=0.0, sigma=1.0, size=None): return _drawn(size, float64, mean, sigma)
def laplace(loc=0.0, scale=1.0, size=None): return _drawn(size, float64, loc, scale)
def uniform(low=0.0, high=1.0, size=None): return _drawn(size, float64, low, high)
def exponential(scale=1.0, size=None): return _drawn(size, float64, scale)
def standard_exponential(size=None): return _made(size, float64)
def gumbel(loc=0.0, scale=1.0, size=None): return _drawn(size, float64, loc, scale)
def logistic(loc=0.0, scale=1.0, size=None): return _drawn(size, float64, loc, scale)
def vonmises(mu, kappa, size=None): return _drawn(size, float64, mu, kappa)
def triangular(left, mode, right, size=None): return _drawn(size, float64, left, mode, right)
def weibull(a, size=None): return _drawn(size, float64, a)
def pareto(a, size=None): return _drawn(size, float64, a)
def rayleigh(scale=1.0, size=None): return _drawn(size, float64, scale)
def chisquare(df, size=None): return _drawn(size, float64, df)
def standard_t(df, size=None): return _drawn(size, float64, df)
def geometric(p, size=None): return _drawn(size, int64, p)
def beta(a, b, size=None): return _drawn(size, float64, a, b)
def gamma(shape, scale=1.0, size=None): return _drawn(size, float64, shape, scale)
def poisson(lam=1.0, size=None): return _drawn(size, int64, lam)
def binomial(n, p, size=None): return _drawn(size, int64, n, p)
def randint(low, high=None, size=None, dtype=None): return _drawn(size, _dtype(dtype, int64), low, 0 if high is None else high)
def integers(low, high=None, size=None, dtype=None, endpoint=False): return randint(low, high, size, dtype)
def multivariate_normal(mean, cov, size=None): return _made((*(() if size is None else _shape(size)), len(mean)), float64)
def dirichlet(alpha, size=None): return _made((*(() if size is None else _shape(size)), len(alpha)), float64)
def multinomial(n, pvals, size=None): return _made((*(() if size is None else _shape(size)), len(pvals)), int64)
def permutation(x): return _made(x, int64) if isinstance(x, int) else ndarray(torch.empty_like(_tensor(x)))
def seed(seed=None): return None
def permuted(x, axis=None): return permutation(x)


def shuffle(x, axis=0):
    if isinstance(x, ndarray):
        x.tensor = torch.empty_like(x.tensor)
    elif isinstance(x, list):
        _shuffle_items(x)



def get_state(): return None
def set_state(state): return None


def choice(a, size=None, replace=True, p=None):
    if isinstance(a, int):
        return _made(size, int64)
    if isinstance(a, (list, tuple)) and size is None:
        return a[torch.randint(len(a), ()).item()]
    return _made(size, _tensor(a).dtype)


class Generator:
    random, standard_normal, normal, lognormal, laplace = [staticmethod(f) for f in (random, standard_normal, normal, lognormal, laplace)]
    uniform, exponential, beta, gamma, poisson = [staticmethod(f) for f in (uniform, exponential, beta, gamma, poisson)]
    binomial, integers, randint, permutation, shuffle = [staticmethod(f) for f in (binomial, integers, randint, permutation, shuffle)]
    multivariate_normal, dirichlet, multinomial = [staticmethod(f) for f in (multivariate_normal, dirichlet, multinomial)]
    standard_exponential, gumbel, logistic, vonmises, triangular = [staticmethod(f) for f in (standard_exponential, gumbel, logistic, vonmises, triangular)]
    weibull, pareto, rayleigh, chisquare, standard_t = [staticmethod(f) for f in (weibull, pareto, rayleigh, chisquare, standard_t)]
    geometric, permuted = [staticmethod(f) for f in (geometric, permuted)]
    rand, randn, random_sample, seed = [staticmethod(f) for f in (rand, randn, random_sample, seed)]

    def choice(self, a, size=None, replace=True, p=None, axis=0, shuffle=True):
        if isinstance(a, (int, list, tuple)):
            return choice(a, size)
        source = _tensor(a)
        return _made((*(() if size is None else _shape(size)), *source.shape[1:]), source.dtype)


RandomState = Generator


def default_rng(seed=None):
    return Generator()
