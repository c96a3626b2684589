"""Module and Parameter as the analyser runs them: attributes are plain, what PyTorch registers is found by type."""

import torch
from shapescope import as_buffer, as_parameter, distinct, is_parameter, is_tensor, kept, may_be_tensor, note_device, some_tensor


class Parameter(torch.Tensor):
    def __new__(cls, data=None, requires_grad=True):
        parameter = as_parameter(data if may_be_tensor(data) else torch.empty(0))
        return parameter if requires_grad else parameter.requires_grad_(False)


class UninitializedParameter(torch.Tensor):
    def __new__(cls, requires_grad=True, device=None, dtype=None):
        return as_parameter(some_tensor())


class Buffer(torch.Tensor):
    def __new__(cls, data=None, persistent=True):
        return as_buffer(data if may_be_tensor(data) else torch.empty(0))


class UninitializedBuffer(torch.Tensor):
    def __new__(cls, requires_grad=False, device=None, dtype=None):
        return some_tensor()


class RemovableHandle:
    def __init__(self, hooks=None, id=0):
        self._hooks = hooks
        self.id = id

    def remove(self):
        if self._hooks is not None:
            self._hooks.pop(self.id, None)

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.remove()


class IncompatibleKeys:
    def __init__(self):
        self.missing_keys = []
        self.unexpected_keys = []


class Members(dict):
    """Modules or parameters by name: what is put here becomes an attribute of their owner."""

    def __init__(self, owner, held):
        super().__init__(held)
        self.owner = owner

    def __setitem__(self, name, value):
        super().__setitem__(name, value)
        setattr(self.owner, name, value)


class Module:
    training = True
    dump_patches = False
    call_super_init = False

    def __init__(self, *args, **kwargs):
        self.training = True
        self._buffer_names = []
        self._non_persistent_buffers_set = []
        self._forward_hooks = {}
        self._forward_pre_hooks = {}
        self._hooks_with_kwargs = []

    # Where no hook is registered, a call is one of `forward` (`callInstance`).
    def __call__(self, *args, **kwargs):
        for id, hook in self._forward_pre_hooks.items():
            if id in self._hooks_with_kwargs:
                changed = hook(self, args, kwargs)
                if changed is not None:
                    args, kwargs = changed
            else:
                changed = hook(self, args)
                if changed is not None:
                    args = changed if isinstance(changed, tuple) else (changed,)
        output = self.forward(*args, **kwargs)
        for id, hook in self._forward_hooks.items():
            if id in self._hooks_with_kwargs:
                changed = hook(self, args, kwargs, output)
            else:
                changed = hook(self, args, output)
            if changed is not None:
                output = changed
        return output

    def _add_hook(self, hooks, hook, prepend, with_kwargs):
        id = len(self._forward_hooks) + len(self._forward_pre_hooks)
        while id in self._forward_hooks or id in self._forward_pre_hooks:
            id += 1
        others = dict(hooks) if prepend else {}
        if prepend:
            hooks.clear()
        hooks[id] = hook
        hooks.update(others)
        if with_kwargs:
            self._hooks_with_kwargs.append(id)
        return RemovableHandle(hooks, id)

    def forward(self, *args):
        raise NotImplementedError(f'Module [{type(self).__name__}] is missing the required "forward" function')

    def _get_name(self):
        return type(self).__name__

    def extra_repr(self):
        return ''

    # What a module holds.

    @property
    def _modules(self):
        return Members(self, self._held_modules())

    @property
    def _parameters(self):
        return Members(self, self._held_parameters())

    @property
    def _buffers(self):
        return {name: self.__dict__[name] for name in self._buffer_names}

    def _held_parameters(self):
        held = kept(self.__dict__.items())
        if held is None:
            held = [(name, value) for name, value in self.__dict__.items() if is_parameter(value)]
        return held

    def _held_modules(self):
        held = kept(self.__dict__.items(), Module)
        if held is None:
            held = [(name, value) for name, value in self.__dict__.items() if isinstance(value, Module)]
        return held

    def named_children(self):
        return iter(distinct(self._held_modules()))

    def children(self):
        return iter([module for _, module in self.named_children()])

    def named_modules(self, memo=None, prefix='', remove_duplicate=True):
        found = [(prefix, self)]
        for name, module in self.named_children() if remove_duplicate else self._held_modules():
            path = f'{prefix}.{name}' if prefix else name
            found.extend(module.named_modules(prefix=path, remove_duplicate=remove_duplicate))
        return iter(distinct(found) if remove_duplicate else found)

    def modules(self):
        return iter([module for _, module in self.named_modules()])

    def named_parameters(self, prefix='', recurse=True, remove_duplicate=True):
        found = []
        holders = self.named_modules(prefix=prefix, remove_duplicate=remove_duplicate) if recurse else [(prefix, self)]
        for path, module in holders:
            for name, value in module._held_parameters():
                if value is not None:
                    found.append((f'{path}.{name}' if path else name, value))
        return iter(distinct(found) if remove_duplicate else found)

    def parameters(self, recurse=True):
        return iter([value for _, value in self.named_parameters(recurse=recurse)])

    def named_buffers(self, prefix='', recurse=True, remove_duplicate=True):
        found = []
        holders = self.named_modules(prefix=prefix, remove_duplicate=remove_duplicate) if recurse else [(prefix, self)]
        for path, module in holders:
            for name, value in module._buffers.items():
                if value is not None:
                    found.append((f'{path}.{name}' if path else name, value))
        return iter(distinct(found) if remove_duplicate else found)

    def buffers(self, recurse=True):
        return iter([value for _, value in self.named_buffers(recurse=recurse)])

    def get_submodule(self, target):
        module = self
        for part in target.split('.') if target else []:
            held = module._modules
            module = held[part] if part in held else getattr(module, part)
        return module

    def get_parameter(self, target):
        path, _, name = target.rpartition('.')
        return getattr(self.get_submodule(path), name)

    def get_buffer(self, target):
        path, _, name = target.rpartition('.')
        return getattr(self.get_submodule(path), name)

    def set_submodule(self, target, module, strict=False):
        path, _, name = target.rpartition('.')
        setattr(self.get_submodule(path), name, module)

    # What is registered.

    def register_buffer(self, name, tensor, persistent=True):
        self._note_buffer(name)
        if not persistent and name not in self._non_persistent_buffers_set:
            self._non_persistent_buffers_set.append(name)
        setattr(self, name, tensor)

    # Called too where a Buffer becomes an attribute.
    def _note_buffer(self, name):
        if name not in self._buffer_names:
            self._buffer_names.append(name)

    def register_parameter(self, name, param):
        setattr(self, name, param)

    def add_module(self, name, module):
        setattr(self, name, module)

    def register_module(self, name, module):
        self.add_module(name, module)

    # Hooks: only those that change what forward gives are run.

    def register_forward_hook(self, hook, *, prepend=False, with_kwargs=False, always_call=False):
        return self._add_hook(self._forward_hooks, hook, prepend, with_kwargs)

    def register_forward_pre_hook(self, hook, *, prepend=False, with_kwargs=False):
        return self._add_hook(self._forward_pre_hooks, hook, prepend, with_kwargs)

    def register_full_backward_hook(self, hook, prepend=False):
        return RemovableHandle()

    def register_full_backward_pre_hook(self, hook, prepend=False):
        return RemovableHandle()

    def register_backward_hook(self, hook):
        return RemovableHandle()

    def register_state_dict_pre_hook(self, hook):
        return RemovableHandle()

    def register_load_state_dict_pre_hook(self, hook):
        return RemovableHandle()

    def _register_load_state_dict_pre_hook(self, hook, with_module=False):
        return RemovableHandle()

    def register_load_state_dict_post_hook(self, hook):
        return RemovableHandle()

    # State.

    def state_dict(self, *args, destination=None, prefix='', keep_vars=False):
        state = {} if destination is None else destination
        kept = [item for item in self._buffers.items() if item[0] not in self._non_persistent_buffers_set]
        for name, value in [*self._parameters.items(), *kept]:
            if value is not None:
                state[prefix + name] = value
        for name, module in self._held_modules():
            module.state_dict(destination=state, prefix=f'{prefix}{name}.', keep_vars=keep_vars)
        return state

    def load_state_dict(self, state_dict, strict=True, assign=False):
        return IncompatibleKeys()

    # Conversions: parameters and buffers change, the module stays the same object.

    def _apply(self, fn, recurse=True):
        for module in self.modules() if recurse else [self]:
            for name, value in module._parameters.items():
                setattr(module, name, as_parameter(fn(value)).requires_grad_(value.requires_grad))
            for name, value in module._buffers.items():
                if value is not None:
                    setattr(module, name, fn(value))
        return self

    def apply(self, fn):
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    def _convert(self, dtype):
        return self._apply(lambda t: t.to(dtype) if t.is_floating_point() or t.is_complex() else t)

    def to(self, *args, **kwargs):
        dtype = kwargs.get('dtype')
        for value in args:
            if isinstance(value, torch.dtype):
                dtype = value
            elif is_tensor(value):
                dtype = value.dtype
            elif not isinstance(value, bool):
                note_device(value)
        note_device(kwargs.get('device'))
        return self if dtype is None else self._convert(dtype)

    def type(self, dst_type):
        return self._apply(lambda t: t.type(dst_type))

    def float(self):
        return self._convert(torch.float32)

    def double(self):
        return self._convert(torch.float64)

    def half(self):
        return self._convert(torch.float16)

    def bfloat16(self):
        return self._convert(torch.bfloat16)

    def cuda(self, device=None):
        note_device('cuda')
        return self

    def cpu(self):
        return self

    def xpu(self, device=None):
        note_device('xpu')
        return self

    def ipu(self, device=None):
        note_device('ipu')
        return self

    def mtia(self, device=None):
        note_device('mtia')
        return self

    def to_empty(self, *, device, recurse=True):
        note_device(device)
        return self

    def share_memory(self):
        return self

    def requires_grad_(self, requires_grad=True):
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none=True):
        return None

    def compile(self, *args, **kwargs):
        return None

    def train(self, mode=True):
        self.training = mode
        for module in self.children():
            module.train(mode)
        return self

    def eval(self):
        return self.train(False)
