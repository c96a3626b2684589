"""scipy.fft: lengths that a transform is fast for, products of small primes."""

from shapescope import anything, are_told_apart


def _is_product(n, primes):
    for prime in primes:
        while n % prime == 0:
            n //= prime
    return n == 1


def _nearest(target, real, step):
    """The first product from a length on, upwards or downwards."""
    if not are_told_apart(list(str(target))):
        return int(anything())
    primes = (2, 3, 5) if real else (2, 3, 5, 7, 11)
    length = target
    while length > 0 and not _is_product(length, primes):
        length += step
    return length


def next_fast_len(target, real=False):
    return _nearest(target, real, 1)


def prev_fast_len(target, real=False):
    return _nearest(target, real, -1)
