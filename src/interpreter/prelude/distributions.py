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


Laplace = LogNormal = Gumbel = Cauchy = VonMises = Kumaraswamy = FisherSnedecor = Normal


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


Poisson = Chi2 = Exponential


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


InverseGamma = Gamma


class Weibull(Distribution):
    def __init__(self, scale, concentration, validate_args=None):
        self.scale, self.concentration = _broadcast(scale, concentration)
        self._like = self.scale
        self._init(self._like.shape)


class Pareto(Distribution):
    def __init__(self, scale, alpha, validate_args=None):
        self.scale, self.alpha = _broadcast(scale, alpha)
        self._like = self.scale
        self._init(self._like.shape)


class Bernoulli(Distribution):
    def __init__(self, probs=None, logits=None, validate_args=None):
        [self._like] = _broadcast(logits if probs is None else probs)
        self.probs = self.logits = self._like
        self._init(self._like.shape)


Geometric = ContinuousBernoulli = Bernoulli


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

    @property
    def mode(self):
        return self.sample()


class OneHotCategorical(Distribution):
    def __init__(self, probs=None, logits=None, validate_args=None):
        self._like = logits if probs is None else probs
        self.probs = self.logits = self._like
        self._init(self._like.shape[:-1], self._like.shape[-1:])


OneHotCategoricalStraightThrough = OneHotCategorical


class RelaxedOneHotCategorical(OneHotCategorical):
    def __init__(self, temperature, probs=None, logits=None, validate_args=None):
        super().__init__(probs, logits)


class RelaxedBernoulli(Bernoulli):
    def __init__(self, temperature, probs=None, logits=None, validate_args=None):
        super().__init__(probs, logits)


class Multinomial(OneHotCategorical):
    def __init__(self, total_count=1, probs=None, logits=None, validate_args=None):
        super().__init__(probs, logits)


class LogisticNormal(Distribution):
    def __init__(self, loc, scale, validate_args=None):
        self._like, _ = _broadcast(loc, scale)
        *batch, last = self._like.shape
        self._init(batch, (last + 1,))


class MixtureSameFamily(Distribution):
    def __init__(self, mixture_distribution, component_distribution, validate_args=None):
        self.mixture_distribution, self.component_distribution = mixture_distribution, component_distribution
        self._like = component_distribution._like
        self._init(component_distribution.batch_shape[:-1], component_distribution.event_shape)


class LowRankMultivariateNormal(Distribution):
    def __init__(self, loc, cov_factor, cov_diag, validate_args=None):
        self.loc = self._like = loc
        batch = torch.broadcast_shapes(loc.shape[:-1], cov_factor.shape[:-2], cov_diag.shape[:-1])
        self._init(batch, loc.shape[-1:])


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


class SoftmaxTransform(Transform):
    event_dim = 1


class StickBreakingTransform(Transform):
    event_dim = 1

    def forward_shape(self, shape):
        return (*shape[:-1], shape[-1] + 1)


class ReshapeTransform(Transform):
    def __init__(self, in_shape, out_shape, cache_size=0):
        self.in_shape, self.out_shape = torch.Size(in_shape), torch.Size(out_shape)
        self.event_dim = len(self.in_shape)

    def forward_shape(self, shape):
        return (*shape[:len(shape) - len(self.in_shape)], *self.out_shape)


class IndependentTransform(Transform):
    def __init__(self, base_transform, reinterpreted_batch_ndims, cache_size=0):
        self.base_transform = base_transform
        self.event_dim = base_transform.event_dim + reinterpreted_batch_ndims

    def forward_shape(self, shape):
        return self.base_transform.forward_shape(shape)


class ComposeTransform(Transform):
    def __init__(self, parts, cache_size=0):
        self.parts = list(parts)
        self.event_dim = max([part.event_dim for part in self.parts], default=0)

    def forward_shape(self, shape):
        for part in self.parts:
            shape = part.forward_shape(shape)
        return shape


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


def register_kl(type_p, type_q):
    return lambda function: function
