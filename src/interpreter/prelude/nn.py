"""torch.nn: the names that a program finds there."""

from . import nn_init as init
from . import nn_utils as utils
from . import quantization as quantized
from .activations import *
from .activations import _DropoutNd
from .attention import MultiheadAttention
from .containers import DataParallel, ModuleDict, ModuleList, ParameterDict, ParameterList, Sequential
from .conv import *
from .conv import _ConvNd, _ConvTransposeNd
from .lazy import *
from .linear import *
from .losses import *
from .losses import _Loss, _WeightedLoss
from .module import Buffer, Module, Parameter, UninitializedBuffer, UninitializedParameter
from .norms import *
from .norms import _BatchNorm, _InstanceNorm, _NormBase
from .padding import *
from .pooling import *
from .recurrent import GRU, LSTM, RNN, GRUCell, LSTMCell, RNNBase, RNNCell, RNNCellBase
from .reshaping import *
from .transformer import Transformer, TransformerDecoder, TransformerDecoderLayer, TransformerEncoder, TransformerEncoderLayer
