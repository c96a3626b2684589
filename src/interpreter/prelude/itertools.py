"""The functions of itertools whose items can be told one by one."""

import torch
from shapescope import are_told_apart, some_of, taken


class chain:
    def __new__(cls, *iterables):
        return iter([item for items in iterables for item in items])

    @classmethod
    def from_iterable(cls, iterables):
        return iter([item for items in iterables for item in items])


def islice(iterable, start, stop=(), step=1):
    first, last = (0, start) if stop == () else (start, stop)
    if isinstance(iterable, count) and isinstance(last, int):
        return iter([next(iterable) for _ in range(last)][first::step])
    iterator = iter(iterable)
    if are_told_apart(iterator) and (last is None or isinstance(last, int)):
        return iter(taken(iterator, last)[first::step])
    items = list(iterator)
    return iter(items[first:last:step])


def accumulate(iterable, func=None, *, initial=None):
    made = [] if initial is None else [initial]
    for item in iterable:
        made.append(item if len(made) == 0 else made[-1] + item if func is None else func(made[-1], item))
    return iter(made)


def pairwise(iterable):
    items = list(iterable)
    return zip(items[:-1], items[1:])


def starmap(function, iterable):
    return iter([function(*args) for args in iterable])


def zip_longest(*iterables, fillvalue=None):
    lists = [list(items) for items in iterables]
    longest = max([len(items) for items in lists])
    return zip(*[items + [fillvalue] * (longest - len(items)) for items in lists])


def combinations(iterable, r):
    items = list(iterable)
    if r == 0:
        return iter([()])
    return iter([(items[i], *rest) for i in range(len(items)) for rest in combinations(items[i + 1:], r - 1)])


def permutations(iterable, r=None):
    items = list(iterable)
    size = len(items) if r is None else r
    if size == 0:
        return iter([()])
    return iter([(items[i], *rest) for i in range(len(items)) for rest in permutations(items[:i] + items[i + 1:], size - 1)])


def combinations_with_replacement(iterable, r):
    items = list(iterable)
    if r == 0:
        return iter([()])
    return iter([(items[i], *rest) for i in range(len(items)) for rest in combinations_with_replacement(items[i:], r - 1)])


class count:
    """Asked by `next` it counts; a loop over it gets any of its numbers."""

    def __init__(self, start=0, step=1):
        self._at = start
        self._step = step

    def __next__(self):
        self._at, value = self._at + self._step, self._at
        return value

    def __iter__(self):
        return some_of(self._at + self._step * torch.randint(2 ** 31, ()).item())


def groupby(iterable, key=None):
    groups = []
    for item in iterable:
        value = item if key is None else key(item)
        if len(groups) > 0 and groups[-1][0] == value:
            groups[-1][1].append(item)
        else:
            groups.append((value, [item]))
    return iter([(value, iter(items)) for value, items in groups])


def takewhile(predicate, iterable):
    taken = []
    for item in iterable:
        if not predicate(item):
            break
        taken.append(item)
    return iter(taken)


def dropwhile(predicate, iterable):
    kept = []
    for item in iterable:
        if len(kept) > 0 or not predicate(item):
            kept.append(item)
    return iter(kept)


def filterfalse(predicate, iterable):
    return iter([item for item in iterable if not (item if predicate is None else predicate(item))])


def compress(data, selectors):
    return iter([item for item, is_kept in zip(data, selectors) if is_kept])


def tee(iterable, n=2):
    items = list(iterable)
    return tuple([iter(items) for _ in range(n)])


def batched(iterable, n):
    items = list(iterable)
    return iter([tuple(items[i:i + n]) for i in range(0, len(items), n)])
