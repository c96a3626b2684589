"""Executors: calls are done at once, and what they give is told when it is asked for."""


class Future:
    def __init__(self, value):
        self._value = value

    def result(self, timeout=None): return self._value
    def exception(self, timeout=None): return None
    def done(self): return True
    def cancel(self): return False
    def add_done_callback(self, fn): fn(self)


class Executor:
    def __init__(self, max_workers=None, *args, **kwargs): pass
    def __enter__(self): return self
    def __exit__(self, *error): return None
    def submit(self, fn, /, *args, **kwargs): return Future(fn(*args, **kwargs))
    def map(self, fn, *iterables, timeout=None, chunksize=1): return iter([fn(*args) for args in zip(*iterables)])
    def shutdown(self, wait=True, *, cancel_futures=False): return None


ThreadPoolExecutor = ProcessPoolExecutor = Executor


def as_completed(fs, timeout=None): return iter(list(fs))
