"""The random numbers of src/encodings/random.ts, so that both sides have the same tables."""

import math


def uniform(seed):
    """Numbers in [0, 1) by mulberry32."""
    state = seed & 0xFFFFFFFF
    while True:
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        mixed = ((state ^ (state >> 15)) * (state | 1)) & 0xFFFFFFFF
        mixed ^= (mixed + (((mixed ^ (mixed >> 7)) * (mixed | 61)) & 0xFFFFFFFF)) & 0xFFFFFFFF
        yield ((mixed ^ (mixed >> 14)) & 0xFFFFFFFF) / 2**32


def normals(seed, count, deviation=1.0):
    """Normal numbers by Box and Muller's transform."""
    source = uniform(seed)
    return [
        deviation * math.sqrt(-2 * math.log(1 - next(source))) * math.cos(2 * math.pi * next(source))
        for _ in range(count)
    ]


def seed_of(seed, part):
    return (seed * 0x9E3779B1 + part) & 0xFFFFFFFF
