"""tqdm: a loop with a progress bar goes through what it would go through without."""


class tqdm:
    def __init__(self, iterable=None, desc=None, total=None, *others, **settings):
        self.iterable = iterable
        self.desc = desc
        self.total = len(iterable) if total is None and hasattr(iterable, '__len__') else total
        self.n = 0
        self.disable = settings.get('disable', False)

    def __iter__(self): return iter(self.iterable)
    def __len__(self): return self.total if self.iterable is None else len(self.iterable)
    def __enter__(self): return self
    def __exit__(self, *error): return None

    def update(self, n=1):
        self.n += n

    def reset(self, total=None):
        self.n = 0

    def close(self): return None
    def clear(self, nolock=False): return None
    def refresh(self, nolock=False, lock_args=None): return None
    def unpause(self): return None
    def display(self, msg=None, pos=None): return None
    def set_description(self, desc=None, refresh=True): return None
    def set_description_str(self, desc=None, refresh=True): return None
    def set_postfix(self, ordered_dict=None, refresh=True, **kwargs): return None
    def set_postfix_str(self, s='', refresh=True): return None

    @classmethod
    def write(cls, s, file=None, end='\n', nolock=False): return None


def trange(*args, **settings):
    return tqdm(range(*args), **settings)


tqdm_notebook = tqdm_gui = tqdm
tnrange = trange
