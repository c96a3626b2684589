"""torch.autograd and torch.autograd.functional: gradients have the shapes of what they are taken of."""

from shapescope import anything, is_surely_tensor, may_be_tensor, some_of, some_text

from .func import _alike, _jacobian


def grad(outputs, inputs, grad_outputs=None, retain_graph=None, create_graph=False, allow_unused=None,
         is_grads_batched=False, materialize_grads=False):
    # One tensor, or what gives several, as `module.parameters()` does.
    if is_surely_tensor(inputs):
        return (_alike(inputs),)
    return some_of(anything()) if may_be_tensor(inputs) else tuple([_alike(value) for value in inputs])


def jacobian(func, inputs, create_graph=False, strict=False, vectorize=False, strategy='reverse-mode'):
    return _jacobian(func(*inputs) if isinstance(inputs, tuple) else func(inputs), inputs)


def hessian(func, inputs, create_graph=False, strict=False, vectorize=False, outer_jacobian_strategy='reverse-mode'):
    return _jacobian(jacobian(func, inputs), inputs)


class FunctionContext:
    """What `forward` leaves for `backward`."""

    def __init__(self, inputs):
        self.needs_input_grad = tuple([some_text() == '' for _ in inputs])
        self.saved_tensors = ()

    def save_for_backward(self, *tensors):
        self.saved_tensors = tensors

    def save_for_forward(self, *tensors): return None
    def mark_dirty(self, *args): return None
    def mark_non_differentiable(self, *args): return None
    def set_materialize_grads(self, value): return None
