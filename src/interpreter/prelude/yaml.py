"""PyYAML, as far as it makes plain data of a text."""

from shapescope import anything, some_text, yaml_value

from .files import text_of


class YAMLError(Exception):
    pass


class BaseLoader:
    """A loader that may have been taught more than it knows by itself."""

    _is_taught = True

    @classmethod
    def add_constructor(cls, tag, constructor): cls._is_taught = True

    @classmethod
    def add_multi_constructor(cls, tag_prefix, multi_constructor): cls._is_taught = True

    @classmethod
    def add_implicit_resolver(cls, tag, regexp, first): cls._is_taught = True

    @classmethod
    def add_path_resolver(cls, tag, path, kind=None): cls._is_taught = True


class SafeLoader(BaseLoader):
    _is_taught = False


class FullLoader(BaseLoader):
    _is_taught = False


class Loader(BaseLoader):
    _is_taught = False


class UnsafeLoader(Loader):
    pass


CSafeLoader, CFullLoader, CLoader, CUnsafeLoader, CBaseLoader = SafeLoader, FullLoader, Loader, UnsafeLoader, BaseLoader


class SafeDumper:
    def __getattr__(self, name): return anything()


Dumper = CSafeDumper = CDumper = SafeDumper
_loaders = (SafeLoader, FullLoader, Loader, UnsafeLoader)


def load(stream, Loader):
    return yaml_value(text_of(stream)) if Loader in _loaders and Loader._is_taught == False else anything()


def safe_load(stream): return load(stream, SafeLoader)
def full_load(stream): return load(stream, FullLoader)
def unsafe_load(stream): return load(stream, UnsafeLoader)
def load_all(stream, Loader): return anything()
def safe_load_all(stream): return anything()
def dump(data, stream=None, **options): return some_text() if stream is None else None
safe_dump = dump
def add_constructor(tag, constructor, Loader=None): _teach(Loader)
def add_implicit_resolver(tag, regexp, first=None, Loader=None, Dumper=None): _teach(Loader)


def _teach(loader):
    for one in _loaders if loader is None else (loader,):
        one._is_taught = True
