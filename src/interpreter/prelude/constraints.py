"""torch.distributions.constraints: how many dims an event has that each is about, and its limits."""

import torch


class Constraint:
    is_discrete = False
    event_dim = 0

    def __init__(self, event_dim=0, is_discrete=False):
        self.event_dim, self.is_discrete = event_dim, is_discrete

    def check(self, value):
        return value.new_empty(value.shape[:value.dim() - self.event_dim], dtype=torch.bool)


boolean = nonnegative_integer = positive_integer = Constraint(0, True)
real = positive = nonnegative = unit_interval = Constraint()
real_vector = simplex = Constraint(1)
one_hot = Constraint(1, True)
lower_triangular = lower_cholesky = corr_cholesky = square = symmetric = Constraint(2)
positive_semidefinite = positive_definite = Constraint(2)


class independent(Constraint):
    def __init__(self, base_constraint, reinterpreted_batch_ndims):
        self.base_constraint, self.reinterpreted_batch_ndims = base_constraint, reinterpreted_batch_ndims
        self.is_discrete = base_constraint.is_discrete
        self.event_dim = base_constraint.event_dim + reinterpreted_batch_ndims


class interval(Constraint):
    def __init__(self, lower_bound, upper_bound):
        self.lower_bound, self.upper_bound = lower_bound, upper_bound


half_open_interval = interval


class integer_interval(interval):
    is_discrete = True


class greater_than(Constraint):
    def __init__(self, lower_bound):
        self.lower_bound = lower_bound


greater_than_eq = greater_than


class less_than(Constraint):
    def __init__(self, upper_bound):
        self.upper_bound = upper_bound


def multinomial(upper_bound):
    return Constraint(1, True)


dependent = Constraint()


def dependent_property(fn=None, *, is_discrete=False, event_dim=0):
    return (lambda function: property(function)) if fn is None else property(fn)


def is_dependent(constraint):
    return constraint is dependent
