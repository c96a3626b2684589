"""scipy.stats: what its distributions give has the shape that is asked for, or that of what they are given."""

from . import numpy as np
from shapescope import anything


def _of(x):
    return np.asarray(x) * 1.0


class _Distribution:
    def __call__(self, *args, **named):
        return self

    freeze = __call__

    def rvs(self, *args, size=None, random_state=None, **named):
        return anything() if size is None else np.random.random(size)

    def pdf(self, x, *args, **named): return _of(x)
    def logpdf(self, x, *args, **named): return _of(x)
    def cdf(self, x, *args, **named): return _of(x)
    def logcdf(self, x, *args, **named): return _of(x)
    def sf(self, x, *args, **named): return _of(x)
    def ppf(self, q, *args, **named): return _of(q)
    def isf(self, q, *args, **named): return _of(q)
    def pmf(self, k, *args, **named): return _of(k)
    def mean(self, *args, **named): return float(anything())
    def median(self, *args, **named): return float(anything())
    def std(self, *args, **named): return float(anything())
    def var(self, *args, **named): return float(anything())


norm = truncnorm = uniform = beta = gamma = t = expon = lognorm = laplace = logistic = _Distribution()
chi2 = cauchy = weibull_min = pareto = triang = vonmises = gumbel_r = halfnorm = _Distribution()
