"""OmegaConf: configurations that are read by attribute and by key, with references to each other's values."""

import copy
import dataclasses
from collections.abc import MutableMapping, Sequence

from shapescope import anything, is_container, yaml_value

from .files import open, text_of

MISSING = '???'


class OmegaConfBaseException(Exception):
    pass


class MissingMandatoryValue(OmegaConfBaseException):
    pass


class ConfigAttributeError(OmegaConfBaseException, AttributeError):
    pass


class ConfigKeyError(OmegaConfBaseException, KeyError):
    pass


class Container:
    """Holds plain dicts and lists: what is in them is wrapped when it is read, and shares them."""

    def __contains__(self, key): return key in self._content and (isinstance(self, ListConfig) or self._content[key] != MISSING)
    def __len__(self): return len(self._content)
    def __eq__(self, other): return self._content == _stored(other)
    def __bool__(self): return len(self._content) > 0
    def __delitem__(self, key): del self._content[key]
    def __setitem__(self, key, value): self._content[key] = _stored(value)
    def copy(self): return type(self)(self)

    def _given(self, value):
        if isinstance(value, dict):
            return DictConfig(value, self._root, True)
        if isinstance(value, list):
            return ListConfig(value, self._root, True)
        if not isinstance(value, str) or value != MISSING and '${' not in value:
            return value
        if value == MISSING:
            raise MissingMandatoryValue('a value that is not given')
        named = value[2:-1]
        # What resolvers make of it, and what is put into a text, is not known.
        if not value.startswith('${') or not value.endswith('}') or ':' in named or '${' in named or named[0] == '.':
            return anything()
        return OmegaConf.select(self._root, named)


class DictConfig(Container, MutableMapping):
    def __init__(self, content=None, _root=None, _is_shared=False, **options):
        object.__setattr__(self, '_root', self if _root is None else _root)
        object.__setattr__(self, '_content', content if _is_shared else {} if content is None else _stored(content))

    def __getitem__(self, key):
        if key not in self._content:
            raise ConfigKeyError(f'there is no {key}')
        return self._given(self._content[key])

    def __getattr__(self, name):
        if name.startswith('__') or name not in self._content:
            raise ConfigAttributeError(f'there is no {name}')
        return self._given(self._content[name])

    def __setattr__(self, name, value): self._content[name] = _stored(value)
    def __delattr__(self, name): del self._content[name]
    def __iter__(self): return iter(self._content)
    def keys(self): return self._content.keys()
    def values(self): return [self._given(value) for value in self._content.values()]
    def items(self): return [(key, self._given(value)) for key, value in self._content.items()]
    def items_ex(self, resolve=True, keys=None): return self.items()

    def get(self, key, default_value=None):
        return self[key] if key in self._content and self._content[key] != MISSING else default_value

    def pop(self, key, *default):
        if key not in self._content and len(default) > 0:
            return default[0]
        value = self[key]
        del self._content[key]
        return value

    def setdefault(self, key, default=None):
        if key not in self._content:
            self[key] = default
        return self[key]

    def update(self, *others, **more):
        for other in others:
            self._content.update(_stored(other))
        self._content.update(_stored(more))


class ListConfig(Container, Sequence):
    def __init__(self, content=None, _root=None, _is_shared=False, **options):
        self._root = self if _root is None else _root
        self._content = content if _is_shared else [] if content is None else _stored(content)

    def __getitem__(self, index):
        return ListConfig(self._content[index], self._root) if isinstance(index, slice) else self._given(self._content[index])

    def __iter__(self): return iter([self._given(value) for value in self._content])
    def __add__(self, other): return ListConfig(self._content + _stored(other))
    def __radd__(self, other): return ListConfig(_stored(other) + self._content)
    def append(self, value): self._content.append(_stored(value))
    def extend(self, values): self._content.extend(_stored(values))
    def insert(self, index, value): self._content.insert(index, _stored(value))
    def index(self, value): return self._content.index(value)
    def count(self, value): return self._content.count(value)
    def pop(self, index=-1): return self._given(self._content.pop(index))


def _stored(value):
    if isinstance(value, Container):
        return copy.deepcopy(value._content)
    if isinstance(value, dict):
        return {key: _stored(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_stored(item) for item in value]
    if dataclasses.is_dataclass(value):
        made = value() if isinstance(value, type) else value
        return {field.name: _stored(getattr(made, field.name)) for field in dataclasses.fields(made)}
    return value


def _of_yaml(text):
    content = yaml_value(text, 'omegaconf')
    if not is_container(content):
        return anything()
    return ListConfig(content) if isinstance(content, list) else DictConfig(content)


def _resolved(value):
    if isinstance(value, DictConfig):
        return {key: _resolved(item) for key, item in value.items()}
    return [_resolved(item) for item in value] if isinstance(value, ListConfig) else value


def _merged(first, second):
    for key, value in second.items():
        first[key] = _merged(first[key], value) if isinstance(value, dict) and isinstance(first.get(key), dict) else value
    return first


class OmegaConf:
    @staticmethod
    def create(obj=None, parent=None, flags=None):
        if isinstance(obj, str):
            return _of_yaml(obj)
        return ListConfig(obj) if isinstance(obj, (list, tuple, ListConfig)) else DictConfig(obj)

    @staticmethod
    def structured(obj, parent=None, flags=None): return DictConfig(obj)

    @staticmethod
    def load(file_, **options): return _of_yaml(text_of(file_ if hasattr(file_, 'read') else open(file_)))

    @staticmethod
    def from_cli(args_list=None): return anything()

    @staticmethod
    def from_dotlist(dotlist): return anything()

    @staticmethod
    def merge(*configs):
        merged = {}
        for config in configs:
            if not isinstance(config, (dict, DictConfig)) and not dataclasses.is_dataclass(config):
                return anything()
            merged = _merged(merged, _stored(config))
        return DictConfig(merged)

    unsafe_merge = merge

    @staticmethod
    def to_container(cfg, *, resolve=False, throw_on_missing=False, enum_to_str=False, structured_config_mode=None):
        return _resolved(cfg) if resolve else _stored(cfg)

    @staticmethod
    def to_object(cfg): return _resolved(cfg)

    @staticmethod
    def select(cfg, key, *, default=None, throw_on_resolution_failure=True, throw_on_missing=False):
        for name in key.split('.'):
            if not isinstance(cfg, Container) or isinstance(cfg, DictConfig) and name not in cfg:
                return default
            cfg = cfg[int(name) if isinstance(cfg, ListConfig) else name]
        return cfg

    @staticmethod
    def update(cfg, key, value=None, *, merge=True, force_add=False):
        *path, last = key.split('.')
        for name in path:
            if name not in cfg:
                cfg[name] = {}
            cfg = cfg[name]
        cfg[last] = value

    @staticmethod
    def is_config(obj): return isinstance(obj, Container)

    @staticmethod
    def is_dict(obj): return isinstance(obj, DictConfig)

    @staticmethod
    def is_list(obj): return isinstance(obj, ListConfig)

    @staticmethod
    def is_missing(cfg, key): return key in cfg._content and cfg._content[key] == MISSING

    @staticmethod
    def masked_copy(conf, keys): return DictConfig({key: value for key, value in _stored(conf).items() if key in keys})

    @staticmethod
    def to_yaml(cfg, *, resolve=False, sort_keys=False): return str(cfg)

    @staticmethod
    def save(config, f, resolve=False): return None

    @staticmethod
    def resolve(cfg): return None

    @staticmethod
    def set_struct(conf, value): return None

    @staticmethod
    def set_readonly(conf, value): return None

    @staticmethod
    def is_struct(conf): return anything()

    @staticmethod
    def is_readonly(conf): return anything()

    @staticmethod
    def register_new_resolver(name, resolver, *, replace=False, use_cache=False): return None

    register_resolver = register_new_resolver

    @staticmethod
    def has_resolver(name): return anything()


class open_dict:
    def __init__(self, config=None): self.config = config
    def __enter__(self): return self.config
    def __exit__(self, *details): return None


read_write = open_dict


def II(interpolation): return '${' + interpolation + '}'
def SI(interpolation): return interpolation
