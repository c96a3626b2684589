"""Containers of modules and parameters."""

from shapescope import as_parameter, is_parameter, is_tensor

from .module import Module


class Sequential(Module):
    def __init__(self, *args):
        super().__init__()
        self._items = {}
        if len(args) == 1 and isinstance(args[0], dict):
            for name, module in args[0].items():
                self.add_module(name, module)
        else:
            for index, module in enumerate(args):
                self.add_module(str(index), module)

    def add_module(self, name, module):
        setattr(self, name, module)
        # Also under a name that is not known.
        self._items[name] = module

    def __setattr__(self, name, value):
        super().__setattr__(name, value)
        if isinstance(value, Module):
            self._items[name] = value

    def _renumber(self, modules):
        self._items = {}
        for index, module in enumerate(modules):
            self.add_module(str(index), module)

    def _held_modules(self):
        return [(name, module) for name, module in self._items.items() if module is not None]

    def forward(self, input):
        for module in self._items.values():
            input = module(input)
        return input

    def __len__(self):
        return len(self._items)

    def __iter__(self):
        return iter(list(self._items.values()))

    def __getitem__(self, index):
        items = list(self._items.items())[index]
        # an index that is not known is no slice
        if isinstance(index, slice) and isinstance(items, list):
            chosen = type(self)()
            for name, module in items:
                chosen.add_module(name, module)
            return chosen
        return list(self._items.values())[index]

    def __setitem__(self, index, module):
        self.add_module(list(self._items.keys())[index], module)

    def __delitem__(self, index):
        modules = list(self._items.values())
        del modules[index]
        self._renumber(modules)

    def __add__(self, other):
        return Sequential(*self, *other)

    def __iadd__(self, other):
        return self.extend(other)

    def append(self, module):
        self.add_module(str(len(self._items)), module)
        return self

    def insert(self, index, module):
        modules = list(self._items.values())
        modules.insert(index, module)
        self._renumber(modules)
        return self

    def extend(self, sequential):
        for module in sequential:
            self.append(module)
        return self

    def pop(self, key):
        module = self[key]
        del self[key]
        return module


class ModuleList(Module):
    def __init__(self, modules=None):
        super().__init__()
        self._items = []
        if modules is not None:
            self.extend(modules)

    def _held_modules(self):
        return [(str(i), module) for i, module in enumerate(self._items) if isinstance(module, Module)]

    def __len__(self):
        return len(self._items)

    def __iter__(self):
        return iter(self._items)

    def __getitem__(self, index):
        items = self._items[index if isinstance(index, slice) else int(index)]
        return type(self)(items) if isinstance(index, slice) and isinstance(items, list) else items

    def __setitem__(self, index, module):
        self._items[index] = module

    def __delitem__(self, index):
        del self._items[index]

    def __contains__(self, module):
        return module in self._items

    def __add__(self, other):
        return ModuleList(self._items + list(other))

    def __iadd__(self, modules):
        return self.extend(modules)

    def add_module(self, name, module):
        self._items.append(module)

    def __setattr__(self, name, value):
        if name.isdigit() and int(name) < len(self._items):
            self._items[int(name)] = value
        else:
            super().__setattr__(name, value)

    def append(self, module):
        self._items.append(module)
        return self

    def extend(self, modules):
        for module in modules:
            self._items.append(module)
        return self

    def insert(self, index, module):
        self._items.insert(index, module)

    def pop(self, index):
        return self._items.pop(index)


class ModuleDict(Module):
    def __init__(self, modules=None):
        super().__init__()
        self._items = {}
        if modules is not None:
            self.update(modules)

    def _held_modules(self):
        return [(name, module) for name, module in self._items.items() if module is not None]

    def add_module(self, name, module):
        setattr(self, name, module)
        # Also under a name that is not known.
        self._items[name] = module

    def __setattr__(self, name, value):
        super().__setattr__(name, value)
        if isinstance(value, Module):
            self._items[name] = value

    def __getitem__(self, key):
        return self._items[key]

    def __setitem__(self, key, module):
        self.add_module(key, module)

    def __delitem__(self, key):
        del self._items[key]

    def __len__(self):
        return len(self._items)

    def __iter__(self):
        return iter(list(self._items.keys()))

    def __contains__(self, key):
        return key in self._items

    def clear(self):
        self._items.clear()

    def pop(self, key):
        return self._items.pop(key)

    def keys(self):
        return self._items.keys()

    def items(self):
        return self._items.items()

    def values(self):
        return self._items.values()

    def update(self, modules):
        pairs = modules.items() if isinstance(modules, (dict, ModuleDict)) else modules
        for key, module in pairs:
            self.add_module(key, module)


class ParameterList(Module):
    def __init__(self, values=None):
        super().__init__()
        self._items = []
        if values is not None:
            self.extend(values)

    @property
    def _parameters(self):
        return {str(i): value for i, value in enumerate(self._items) if is_parameter(value)}

    def _held_parameters(self):
        return list(self._parameters.items())

    def _apply(self, fn, recurse=True):
        self._items = [as_parameter(fn(value)) if is_parameter(value) else value for value in self._items]
        return self

    def __len__(self):
        return len(self._items)

    def __iter__(self):
        return iter(self._items)

    def __getitem__(self, index):
        items = self._items[index]
        return ParameterList(items) if isinstance(index, slice) and isinstance(items, list) else items

    def __setitem__(self, index, value):
        self._items[index] = as_parameter(value) if is_tensor(value) else value

    def __iadd__(self, values):
        return self.extend(values)

    def append(self, value):
        self._items.append(as_parameter(value) if is_tensor(value) else value)
        return self

    def extend(self, values):
        for value in values:
            self.append(value)
        return self

    def pop(self, index=-1):
        return self._items.pop(index)


class ParameterDict(Module):
    def __init__(self, parameters=None):
        super().__init__()
        self._items = {}
        if parameters is not None:
            self.update(parameters)

    @property
    def _parameters(self):
        return {name: value for name, value in self._items.items() if is_parameter(value)}

    def _held_parameters(self):
        return list(self._parameters.items())

    def _apply(self, fn, recurse=True):
        for name, value in list(self._items.items()):
            if is_parameter(value):
                self[name] = fn(value)
        return self

    def __getitem__(self, key):
        return self._items[key]

    def __setitem__(self, key, value):
        self._items[key] = as_parameter(value) if is_tensor(value) else value
        setattr(self, key, self._items[key])

    def __delitem__(self, key):
        del self._items[key]

    def __len__(self):
        return len(self._items)

    def __iter__(self):
        return iter(list(self._items.keys()))

    def __contains__(self, key):
        return key in self._items

    def copy(self):
        return ParameterDict(dict(self._items))

    def clear(self):
        self._items.clear()

    def get(self, key, default=None):
        return self._items.get(key, default)

    def setdefault(self, key, default=None):
        if key not in self._items:
            self[key] = default
        return self._items[key]

    def pop(self, key):
        return self._items.pop(key)

    def keys(self):
        return self._items.keys()

    def items(self):
        return self._items.items()

    def values(self):
        return self._items.values()

    def update(self, parameters):
        pairs = parameters.items() if isinstance(parameters, (dict, ParameterDict)) else parameters
        for key, value in pairs:
            self[key] = value


class DataParallel(Module):
    def __init__(self, module, device_ids=None, output_device=None, dim=0):
        super().__init__()
        self.module = module
        self.dim = dim

    def forward(self, *inputs, **kwargs):
        return self.module(*inputs, **kwargs)
