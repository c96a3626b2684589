"""The containers of the collections module that are written in Python."""

from collections.abc import MutableMapping


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


class UserDict(MutableMapping):
    def __init__(self, dict=None, /, **kwargs):
        self.data = {}
        if dict is not None:
            self.update(dict)
        if kwargs:
            self.update(kwargs)

    def __len__(self):
        return len(self.data)

    def __getitem__(self, key):
        if key not in self.data and hasattr(type(self), '__missing__'):
            return self.__missing__(key)
        return self.data[key]

    def __setitem__(self, key, item):
        self.data[key] = item

    def __delitem__(self, key):
        del self.data[key]

    def __iter__(self):
        return iter(self.data)

    def __contains__(self, key):
        return key in self.data

    def keys(self):
        return self.data.keys()

    def values(self):
        return self.data.values()

    def items(self):
        return self.data.items()

    def clear(self):
        self.data.clear()

    def copy(self):
        copied = type(self)()
        copied.data = self.data.copy()
        return copied

    def __or__(self, other):
        both = self.copy()
        both.update(other)
        return both
