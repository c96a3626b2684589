"""torch.distributions as far as shapes flow through it: batches of samples and their probabilities."""

import torch
from shapescope import is_tensor


def _sized(sample_shape):
    return (sample_shape,) if isinstance(sample_shape, int) else tuple(sample_shape)


class Distribution:
    """Subclasses give `_like`, a tensor of the batch's shape, and where they have one an event's shape."""

    def __init__(self, batch_shape=(), event_shape=(), validate_args=None):
        self._like = torch.tensor(0.0)
        self._init(batch_shape, event_shape)

    def _init(self, batch_shape, event_shape=()):
        self.batch_shape = torch.Size(batch_shape)
        self.event_shape = torch.Size(event_shape)

    def expand(self, batch_shape):
        made = Distribution(batch_shape, self.event_shape)
        made._like = self._like
        return made

    def sample(self, sample_shape=()):
        return self._like.new_empty((*_sized(sample_shape), *self.batch_shape, *self.event_shape))

    def rsample(self, sample_shape=()):
        return self.sample(sample_shape)

    def sample_n(self, n):
        return self.sample((n,))

    def log_prob(self, value):
        shape = torch.broadcast_shapes(value.shape, (*self.batch_shape, *self.event_shape))
        return self._like.new_empty(shape[:len(shape) - len(self.event_shape)])

    def cdf(self, value):
        return self.log_prob(value)

    def icdf(self, value):
        return self.log_prob(value)

    def entropy(self):
        return self._like.new_empty(self.batch_shape)

    def perplexity(self):
        return self.entropy()

    @property
    def mean(self):
        return self._like.new_empty((*self.batch_shape, *self.event_shape))

    @property
    def mode(self):
        return self.mean

    @property
    def variance(self):
        return self.mean

    @property
    def stddev(self):
        return self.mean


def _broadcast(*values):
    tensors = [v if is_tensor(v) else torch.tensor(float(v)) for v in values]
    return torch.broadcast_tensors(*tensors)


class Normal(Distribution):
    def __init__(self, loc, scale, validate_args=None):
        self.loc, self.scale = _broadcast(loc, scale)
        self._like = self.loc
        self._init(self.loc.shape)


Laplace = LogNormal = Gumbel = Cauchy = Normal


class Uniform(Distribution):
    def __init__(self, low, high, validate_args=None):
        self.low, self.high = _broadcast(low, high)
        self._like = self.low
        self._init(self.low.shape)


class StudentT(Distribution):
    def __init__(self, df, loc=0.0, scale=1.0, validate_args=None):
        self.df, self.loc, self.scale = _broadcast(df, loc, scale)
        self._like = self.df
        self._init(self.df.shape)


class Exponential(Distribution):
    def __init__(self, rate, validate_args=None):
        [self.rate] = _broadcast(rate)
        self._like = self.rate
        self._init(self.rate.shape)


Poisson = Exponential


class HalfNormal(Distribution):
    def __init__(self, scale, validate_args=None):
        [self.scale] = _broadcast(scale)
        self._like = self.scale
        self._init(self.scale.shape)


HalfCauchy = HalfNormal


class Beta(Distribution):
    def __init__(self, concentration1, concentration0, validate_args=None):
        self.concentration1, self.concentration0 = _broadcast(concentration1, concentration0)
        self._like = self.concentration1
        self._init(self._like.shape)

    # The first of two that a Dirichlet distribution gives.
    def sample(self, sample_shape=()):
        return self._like.new_empty((*_sized(sample_shape), *self.batch_shape, 2)).select(-1, 0)


class Gamma(Distribution):
    def __init__(self, concentration, rate, validate_args=None):
        self.concentration, self.rate = _broadcast(concentration, rate)
        self._like = self.concentration
        self._init(self._like.shape)


class Bernoulli(Distribution):
    def __init__(self, probs=None, logits=None, validate_args=None):
        [self._like] = _broadcast(logits if probs is None else probs)
        self.probs = self.logits = self._like
        self._init(self._like.shape)


Geometric = Bernoulli


class NegativeBinomial(Distribution):
    def __init__(self, total_count, probs=None, logits=None, validate_args=None):
        self.total_count, self._like = _broadcast(total_count, logits if probs is None else probs)
        self.probs = self.logits = self._like
        self._init(self._like.shape)


class Binomial(NegativeBinomial):
    def __init__(self, total_count=1, probs=None, logits=None, validate_args=None):
        super().__init__(total_count, probs, logits)


class Dirichlet(Distribution):
    def __init__(self, concentration, validate_args=None):
        self.concentration = self._like = concentration
        self._init(concentration.shape[:-1], concentration.shape[-1:])


class Categorical(Distribution):
    def __init__(self, probs=None, logits=None, validate_args=None):
        self._like = logits if probs is None else probs
        if self._like.dim() < 1:
            raise ValueError('the probabilities need at least one dim')
        self.probs = self.logits = self._like
        self._init(self._like.shape[:-1])

    def sample(self, sample_shape=()):
        return torch.empty((*_sized(sample_shape), *self.batch_shape), dtype=torch.int64)


class OneHotCategorical(Distribution):
    def __init__(self, probs=None, logits=None, validate_args=None):
        self._like = logits if probs is None else probs
        self.probs = self.logits = self._like
        self._init(self._like.shape[:-1], self._like.shape[-1:])


class MultivariateNormal(Distribution):
    def __init__(self, loc, covariance_matrix=None, precision_matrix=None, scale_tril=None, validate_args=None):
        given = [m for m in (covariance_matrix, precision_matrix, scale_tril) if m is not None]
        batch = torch.broadcast_shapes(loc.shape[:-1], given[0].shape[:-2]) if given else loc.shape[:-1]
        self.loc = self._like = loc
        self._init(batch, loc.shape[-1:])


class Independent(Distribution):
    def __init__(self, base_distribution, reinterpreted_batch_ndims, validate_args=None):
        self.base_dist = base_distribution
        self._like = base_distribution._like
        batch = base_distribution.batch_shape
        cut = len(batch) - reinterpreted_batch_ndims
        self._init(batch[:cut], (*batch[cut:], *base_distribution.event_shape))


class Transform:
    """Elementwise, unless a subclass gives another shape."""

    event_dim = 0

    def __init__(self, *args, cache_size=0, **kwargs):
        pass

    def __call__(self, x):
        return x.new_empty(self.forward_shape(x.shape))

    def inv(self, y):
        return y.new_empty(self.forward_shape(y.shape))

    def forward_shape(self, shape):
        return shape


ExpTransform = SigmoidTransform = TanhTransform = SoftplusTransform = AbsTransform = PowerTransform = Transform


class AffineTransform(Transform):
    def __init__(self, loc, scale, event_dim=0, cache_size=0):
        self.loc, self.scale, self.event_dim = loc, scale, event_dim

    def forward_shape(self, shape):
        return torch.broadcast_shapes(shape, *[v.shape for v in (self.loc, self.scale) if is_tensor(v)])


class TransformedDistribution(Distribution):
    def __init__(self, base_distribution, transforms, validate_args=None):
        self.transforms = [transforms] if isinstance(transforms, Transform) else list(transforms)
        self.base_dist, self._like = base_distribution, base_distribution._like
        shape = (*base_distribution.batch_shape, *base_distribution.event_shape)
        event = len(base_distribution.event_shape)
        for transform in self.transforms:
            shape = transform.forward_shape(shape)
            event = max(event, transform.event_dim)
        cut = len(shape) - event
        self._init(shape[:cut], shape[cut:])


def kl_divergence(p, q):
    return p._like.new_empty(torch.broadcast_shapes(p.batch_shape, q.batch_shape))
