"""The containers of the collections module that are written in Python."""


class Counter(dict):
    def __init__(self, iterable=None, /, **kwargs):
        super().__init__()
        self.update(iterable, **kwargs)

    def __missing__(self, key):
        return 0

    def _count(self, items, sign):
        if isinstance(items, dict):
            for key, count in items.items():
                self[key] = self[key] + sign * count
        elif items is not None:
            for key in items:
                self[key] = self[key] + sign

    def update(self, iterable=None, /, **kwargs):
        self._count(iterable, 1)
        self._count(kwargs, 1)

    def subtract(self, iterable=None, /, **kwargs):
        self._count(iterable, -1)
        self._count(kwargs, -1)

    def most_common(self, n=None):
        return sorted(self.items(), key=lambda item: item[1], reverse=True)[:n]

    def elements(self):
        return iter([key for key, count in self.items() for _ in range(count)])

    def total(self):
        return sum(self.values())

    def copy(self):
        return Counter(self)

    def _positive(self):
        return Counter({key: count for key, count in self.items() if count > 0})

    def __add__(self, other):
        both = self.copy()
        both.update(other)
        return both._positive()

    def __sub__(self, other):
        both = self.copy()
        both.subtract(other)
        return both._positive()


class ChainMap(dict):
    def __init__(self, *maps):
        super().__init__()
        self.maps = list(maps)
        for mapping in reversed(maps):
            super().update(mapping)
