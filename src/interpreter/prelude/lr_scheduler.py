"""torch.optim.lr_scheduler: rates that change from step to step, so that none is known."""

import torch
from shapescope import some_of


def _rate(): return torch.rand(()).item()


class LRScheduler:
    def __init__(self, optimizer, *others, **settings):
        self.optimizer = optimizer
        self.base_lrs = [group['lr'] for group in optimizer.param_groups]
        self.last_epoch = 0
        for name, value in settings.items():
            setattr(self, name, value)
        self._forget()

    def _forget(self):
        for group in self.optimizer.param_groups:
            group['lr'] = _rate()

    def step(self, *args, **kwargs):
        self.last_epoch += 1
        self._forget()

    def get_last_lr(self):
        return [_rate() for _ in self.base_lrs]

    def get_lr(self):
        return [_rate() for _ in self.base_lrs]

    def state_dict(self): return {'last_epoch': self.last_epoch}
    def load_state_dict(self, state_dict): self.last_epoch = torch.randint(2 ** 31, ()).item()


_LRScheduler = LRScheduler


class LambdaLR(LRScheduler): pass
class MultiplicativeLR(LRScheduler): pass
class StepLR(LRScheduler): pass
class MultiStepLR(LRScheduler): pass
class ConstantLR(LRScheduler): pass
class LinearLR(LRScheduler): pass
class ExponentialLR(LRScheduler): pass
class PolynomialLR(LRScheduler): pass
class CosineAnnealingLR(LRScheduler): pass
class CosineAnnealingWarmRestarts(LRScheduler): pass
class CyclicLR(LRScheduler): pass
class OneCycleLR(LRScheduler): pass
class ReduceLROnPlateau(LRScheduler): pass
class SequentialLR(LRScheduler): pass


class ChainedScheduler(LRScheduler):
    def __init__(self, schedulers, optimizer=None):
        super().__init__(schedulers[0].optimizer)
