"""torch.func: functions of functions."""

import torch
from shapescope import anything, in_any_layout, may_be_tensor


def _like(value, items):
    return tuple(items) if isinstance(value, tuple) else items


def _slice(value, dim):
    """One sample of an argument that is mapped over `dim`."""
    if dim is None:
        return value
    if may_be_tensor(value):
        return value.select(dim, 0)
    if isinstance(value, (tuple, list)):
        dims = dim if isinstance(dim, (tuple, list)) else [dim] * len(value)
        return _like(value, [_slice(v, d) for v, d in zip(value, dims)])
    if isinstance(value, dict):
        return {key: _slice(v, dim[key] if isinstance(dim, dict) else dim) for key, v in value.items()}
    return value


def _sizes(value, dim):
    """The sizes of the dims that are mapped over."""
    if dim is None:
        return []
    if may_be_tensor(value):
        return [value.shape[dim]]
    if isinstance(value, dict):
        parts = [(v, dim[key] if isinstance(dim, dict) else dim) for key, v in value.items()]
    elif isinstance(value, (tuple, list)):
        parts = list(zip(value, dim if isinstance(dim, (tuple, list)) else [dim] * len(value)))
    else:
        parts = []
    return [size for v, d in parts for size in _sizes(v, d)]


def _is_plain(value):
    if isinstance(value, (tuple, list)):
        return all([_is_plain(v) for v in value])
    return value is None or isinstance(value, (bool, int, float, str, dict))


def _stack(value, dim, size):
    """The results of all samples, which are alike, in one tensor."""
    if may_be_tensor(value) and dim is not None:
        return in_any_layout(value.unsqueeze(dim).repeat_interleave(size, dim))
    if isinstance(value, (tuple, list)):
        dims = dim if isinstance(dim, (tuple, list)) else [dim] * len(value)
        return _like(value, [_stack(v, d, size) for v, d in zip(value, dims)])
    if isinstance(value, dict):
        return {key: _stack(v, dim, size) for key, v in value.items()}
    return value


def vmap(func, in_dims=0, out_dims=0, randomness='error', *, chunk_size=None):
    def mapped(*args, **kwargs):
        dims = in_dims if isinstance(in_dims, (tuple, list)) else [in_dims] * len(args)
        if len(dims) != len(args):
            raise ValueError(f'in_dims has {len(dims)} entries, and {len(args)} arguments are given')
        sizes = _sizes(list(args), list(dims)) + _sizes(kwargs, 0)
        if len(sizes) == 0:
            # Libraries have classes of their own that vmap takes apart.
            if not all([_is_plain(value) for value in (*args, *kwargs.values())]):
                return anything()
            raise ValueError('vmap needs at least one tensor to map over')
        for size in sizes:
            if size != sizes[0]:
                raise ValueError(f'the dims that are mapped over must be equal, and they are {sizes[0]} and {size}')
        samples = [_slice(value, dim) for value, dim in zip(args, dims)]
        return _stack(func(*samples, **_slice(kwargs, 0)), out_dims, sizes[0])
    return mapped


def _chosen(args, argnums):
    return args[argnums] if isinstance(argnums, int) else tuple([args[i] for i in argnums])


def _alike(value):
    """Gradients have the shapes of what they are taken of."""
    if may_be_tensor(value):
        return in_any_layout(value)
    if isinstance(value, (tuple, list)):
        return _like(value, [_alike(v) for v in value])
    return {key: _alike(v) for key, v in value.items()} if isinstance(value, dict) else value


def grad(func, argnums=0, has_aux=False):
    def gradient(*args, **kwargs):
        out = func(*args, **kwargs)
        return (_alike(_chosen(args, argnums)), out[1]) if has_aux else _alike(_chosen(args, argnums))
    return gradient


def grad_and_value(func, argnums=0, has_aux=False):
    def both(*args, **kwargs):
        return _alike(_chosen(args, argnums)), func(*args, **kwargs)
    return both


def _jacobian(out, value):
    """A dim of the result for each dim of the output, then for each of the input."""
    if isinstance(out, (tuple, list)):
        return _like(out, [_jacobian(o, value) for o in out])
    if isinstance(value, (tuple, list)):
        return _like(value, [_jacobian(out, v) for v in value])
    return in_any_layout(out.new_empty((*out.shape, *value.shape)))


def jacrev(func, argnums=0, *, has_aux=False, chunk_size=None, _preallocate_and_copy=False):
    def jacobian(*args, **kwargs):
        out = func(*args, **kwargs)
        if has_aux:
            return _jacobian(out[0], _chosen(args, argnums)), out[1]
        return _jacobian(out, _chosen(args, argnums))
    return jacobian


def jacfwd(func, argnums=0, has_aux=False, *, randomness='error'):
    return jacrev(func, argnums, has_aux=has_aux)


def hessian(func, argnums=0):
    return jacfwd(jacrev(func, argnums), argnums)


def jvp(func, primals, tangents, *, strict=False, has_aux=False):
    out = func(*primals)
    return (out[0], _alike(out[0]), out[1]) if has_aux else (out, _alike(out))


def vjp(func, *primals, has_aux=False):
    out = func(*primals)

    def pull(cotangents):
        return tuple([_alike(p) for p in primals])
    return (out[0], pull, out[1]) if has_aux else (out, pull)


def functional_call(module, parameter_and_buffer_dicts, args=None, kwargs=None, *, tie_weights=True, strict=False):
    given = () if args is None else args if isinstance(args, tuple) else (args,)
    return module(*given, **({} if kwargs is None else kwargs))


def stack_module_state(models):
    def stacked(state):
        states = [dict(state(model)) for model in models]
        return {name: torch.stack([s[name] for s in states]) for name in states[0]}
    return stacked(lambda model: model.named_parameters()), stacked(lambda model: model.named_buffers())
