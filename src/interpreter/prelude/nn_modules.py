"""torch.nn.modules: the layers, and by its attributes the files that they are in."""

from .nn import *
from .nn import _BatchNorm, _ConvNd, _ConvTransposeNd, _DropoutNd, _InstanceNorm, _Loss, _NormBase, _WeightedLoss
from . import nn_modules_utils as utils
