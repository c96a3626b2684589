"""Statistics of numbers that can be told one by one."""

import math


def mean(data):
    items = list(data)
    return sum(items) / len(items)


def fmean(data, weights=None): return mean(data)


def median(data):
    items = sorted(data)
    half = len(items) // 2
    return items[half] if len(items) % 2 == 1 else (items[half - 1] + items[half]) / 2


def pvariance(data, mu=None):
    items = list(data)
    middle = mean(items)
    return mean([(x - middle) ** 2 for x in items])


def variance(data, xbar=None):
    items = list(data)
    return pvariance(items) * len(items) / (len(items) - 1)


def stdev(data, xbar=None): return math.sqrt(variance(data))
def pstdev(data, mu=None): return math.sqrt(pvariance(data))
