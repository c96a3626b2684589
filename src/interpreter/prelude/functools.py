"""Functions that are chosen by the class of their first argument, and methods of which some arguments are given."""

from functools import partial

from shapescope import annotation_of


class singledispatch:
    def __init__(self, func, at=0):
        self.registry = {object: func}
        self._at = at

    def register(self, cls, func=None):
        if func is None:
            annotated = annotation_of(cls, self._at)
            if annotated is None:
                return lambda func: self.register(cls, func)
            cls, func = annotated, cls
        for one in cls if isinstance(cls, tuple) else (cls,):
            self.registry[one] = func
        return func

    def _nearest(self, fits):
        found, nearest = None, object
        for one, func in self.registry.items():
            if fits(one) and issubclass(one, nearest):
                found, nearest = func, one
        return found

    def dispatch(self, cls):
        return self._nearest(lambda one: issubclass(cls, one))

    def choose(self, value):
        return self._nearest(lambda one: isinstance(value, one))

    def __call__(self, *args, **kwargs):
        return self.choose(args[0])(*args, **kwargs)


def singledispatchmethod(func):
    functions = singledispatch(func, 1)

    def method(self, *args, **kwargs):
        return functions.choose(args[0])(self, *args, **kwargs)

    method.register = functions.register
    return method


class partialmethod:
    def __init__(self, func, *args, **keywords):
        self.func = func
        self.args = args
        self.keywords = keywords

    def __get__(self, instance, owner=None):
        return partial(self.func.__get__(instance, owner), *self.args, **self.keywords)
