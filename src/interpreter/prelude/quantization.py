"""Stand-ins that a model is prepared for quantization with; before that they change nothing. Source: torch/ao/nn/quantized/modules/functional_modules.py, torch/ao/quantization/stubs.py"""

import torch
from .linear import Identity
from .module import Module


class _Functional(Module):
    """Operations as methods of a module, which sees what most of them give."""

    def _seen(self, x):
        return x

    def add(self, x, y):
        return self._seen(torch.add(x, y))

    def add_scalar(self, x, y):
        return torch.add(x, y)

    def mul(self, x, y):
        return self._seen(torch.mul(x, y))

    def mul_scalar(self, x, y):
        return torch.mul(x, y)

    def cat(self, x, dim=0):
        return self._seen(torch.cat(x, dim=dim))

    def add_relu(self, x, y):
        return self._seen(torch.nn.functional.relu(torch.add(x, y)))

    def matmul(self, x, y):
        return self._seen(torch.matmul(x, y))


class FloatFunctional(_Functional):
    def __init__(self):
        super().__init__()
        self.activation_post_process = Identity()

    def _seen(self, x):
        return self.activation_post_process(x)


class FXFloatFunctional(_Functional):
    pass


class _Stub(Module):
    def __init__(self, qconfig=None):
        super().__init__()
        if qconfig:
            self.qconfig = qconfig

    def forward(self, x):
        return x


class QuantStub(_Stub):
    pass


class DeQuantStub(_Stub):
    pass


class QuantWrapper(Module):
    def __init__(self, module):
        super().__init__()
        self.quant = QuantStub()
        self.dequant = DeQuantStub()
        self.module = module
        self.train(module.training)

    def forward(self, X):
        return self.dequant(self.module(self.quant(X)))
