"""Contexts that are entered one after another and left together, that close something or handle exceptions, or decorate a function."""

import functools


class AbstractContextManager:
    def __enter__(self): return self
    def __exit__(self, *error): return None


class ContextDecorator:
    def _recreate_cm(self): return self
    def __call__(self, function): return entered_in(self, function)


def entered_in(context, function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        with context._recreate_cm() if isinstance(context, ContextDecorator) else context:
            return function(*args, **kwargs)
    return inner


class ExitStack:
    def __init__(self):
        self._exits = []

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def enter_context(self, manager):
        entered = manager.__enter__()
        self.push(manager)
        return entered

    def push(self, manager):
        exit = manager.__exit__ if hasattr(manager, '__exit__') else manager
        self._exits.append((exit, (None, None, None), {}))
        return manager

    def callback(self, function, *args, **kwargs):
        self._exits.append((function, args, kwargs))
        return function

    def pop_all(self):
        other = ExitStack()
        other._exits, self._exits = self._exits, []
        return other

    def close(self):
        while self._exits:
            exit, args, kwargs = self._exits.pop()
            exit(*args, **kwargs)


class closing:
    def __init__(self, thing):
        self.thing = thing

    def __enter__(self):
        return self.thing

    def __exit__(self, *error):
        self.thing.close()


class suppress:
    def __init__(self, *exceptions):
        self._exceptions = exceptions

    def __enter__(self):
        return None

    def __exit__(self, kind, error, traceback):
        return kind is not None and issubclass(kind, self._exceptions)
