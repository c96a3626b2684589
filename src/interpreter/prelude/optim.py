"""torch.optim: groups of parameters with their settings, a state for each parameter, and steps that change no shape."""

from collections import defaultdict

from shapescope import is_tensor


class Optimizer:
    def __init__(self, params, defaults):
        self.defaults = defaults
        self.state = defaultdict(dict)
        self.param_groups = []
        given = list(params)
        for group in given if len(given) > 0 and isinstance(given[0], dict) else [{'params': given}]:
            self.add_param_group(group)

    def add_param_group(self, param_group):
        params = param_group['params']
        param_group['params'] = [params] if is_tensor(params) else list(params)
        for name, value in self.defaults.items():
            param_group.setdefault(name, value)
        self.param_groups.append(param_group)

    def zero_grad(self, set_to_none=True):
        return None

    def step(self, closure=None):
        return None if closure is None else closure()

    def state_dict(self):
        return {'state': self.state, 'param_groups': self.param_groups}

    def load_state_dict(self, state_dict):
        return None

    def register_step_pre_hook(self, hook): return None
    def register_step_post_hook(self, hook): return None


class _BuiltIn(Optimizer):
    """One of PyTorch's own: what it keeps of each parameter is its own affair."""

    def __init__(self, params, lr=0.001, *others, **settings):
        super().__init__(params, {'lr': lr, **settings})


class SGD(_BuiltIn): pass
class Adam(_BuiltIn): pass
class AdamW(Adam): pass
class Adamax(_BuiltIn): pass
class NAdam(_BuiltIn): pass
class RAdam(_BuiltIn): pass
class Adagrad(_BuiltIn): pass
class Adadelta(_BuiltIn): pass
class Adafactor(_BuiltIn): pass
class RMSprop(_BuiltIn): pass
class Rprop(_BuiltIn): pass
class ASGD(_BuiltIn): pass
class LBFGS(_BuiltIn): pass
class SparseAdam(_BuiltIn): pass
class Muon(_BuiltIn): pass
