"""The functions of itertools whose items can be told one by one."""


class chain:
    def __new__(cls, *iterables):
        return iter([item for items in iterables for item in items])

    @classmethod
    def from_iterable(cls, iterables):
        return iter([item for items in iterables for item in items])


def islice(iterable, start, stop=(), step=1):
    items = list(iterable)
    return iter(items[:start] if stop == () else items[start:stop:step])


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
