"""scipy.fftpack: its lengths are products of 2, 3 and 5."""

from . import scipy_fft


def next_fast_len(target): return scipy_fft.next_fast_len(target, True)
