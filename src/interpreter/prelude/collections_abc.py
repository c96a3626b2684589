"""The abstract container classes: what they add to a class, and which built-in types count as theirs."""

from typing import Generator


class Mapping:
    _includes = (dict,)

    def get(self, key, default=None):
        return self[key] if key in self else default

    def __contains__(self, key):
        return key in list(self.__iter__())

    def keys(self):
        return list(self.__iter__())

    def items(self):
        return [(key, self[key]) for key in self.__iter__()]

    def values(self):
        return [self[key] for key in self.__iter__()]


class MutableMapping(Mapping):
    def pop(self, key, default=None):
        value = self.get(key, default)
        if key in self:
            del self[key]
        return value

    def setdefault(self, key, default=None):
        if key not in self:
            self[key] = default
        return self[key]

    def update(self, other=(), **kwargs):
        for key, value in dict(other, **kwargs).items():
            self[key] = value


class Iterable:
    _includes = (list, tuple, dict, set, str, range)


class Collection(Iterable):
    pass


class Sized(Iterable):
    pass


class Container(Iterable):
    pass


class Reversible(Iterable):
    pass


class Sequence:
    _includes = (list, tuple, str, range)


class MutableSequence(Sequence):
    _includes = (list,)


class Set:
    _includes = (set, frozenset)


class MutableSet(Set):
    pass


class Callable:
    _includes = ()


class Hashable:
    _includes = ()


class Iterator:
    _includes = ()


class Generator(Iterator):
    pass


class Awaitable:
    _includes = ()


class Coroutine(Awaitable):
    pass


class AsyncIterator:
    _includes = ()


class AsyncIterable:
    _includes = ()


class AsyncGenerator(AsyncIterator):
    pass


class KeysView:
    _includes = ()


class ItemsView:
    _includes = ()


class ValuesView:
    _includes = ()


class MappingView:
    _includes = ()


class ByteString:
    _includes = ()


class Buffer:
    _includes = ()
