"""Recurrent layers. No loop over time: the first step's product checks the input, the outputs have the known shapes."""

import torch
import torch.nn.functional as F
from shapescope import has_known_rank, may_be_tensor, some_tensor

from .module import Module, Parameter
from .nn_rnn import PackedSequence


class RNNBase(Module):
    def __init__(self, mode, input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0,
                 bidirectional=False, proj_size=0, device=None, dtype=None):
        super().__init__()
        if input_size <= 0:
            raise ValueError(f'input_size must be more than 0, and it is {input_size}')
        if hidden_size <= 0:
            raise ValueError(f'hidden_size must be more than 0, and it is {hidden_size}')
        if num_layers <= 0:
            raise ValueError(f'num_layers must be more than 0, and it is {num_layers}')
        if proj_size < 0 or proj_size >= hidden_size:
            raise ValueError(f'proj_size must be less than hidden_size ({hidden_size}), and it is {proj_size}')
        self.mode = mode
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = float(dropout)
        self.bidirectional = bidirectional
        self.proj_size = proj_size
        gates = 4 if mode == 'LSTM' else 3 if mode == 'GRU' else 1
        rows = gates * hidden_size
        out_size = proj_size if proj_size > 0 else hidden_size
        directions = 2 if bidirectional else 1
        for layer in range(num_layers):
            for direction in range(directions):
                suffix = f'_l{layer}_reverse' if direction == 1 else f'_l{layer}'
                columns = input_size if layer == 0 else out_size * directions
                setattr(self, 'weight_ih' + suffix, Parameter(torch.empty((rows, columns), dtype=dtype)))
                setattr(self, 'weight_hh' + suffix, Parameter(torch.empty((rows, out_size), dtype=dtype)))
                if bias:
                    setattr(self, 'bias_ih' + suffix, Parameter(torch.empty(rows, dtype=dtype)))
                    setattr(self, 'bias_hh' + suffix, Parameter(torch.empty(rows, dtype=dtype)))
                if proj_size > 0:
                    setattr(self, 'weight_hr' + suffix, Parameter(torch.empty((proj_size, hidden_size), dtype=dtype)))

    def flatten_parameters(self):
        return None

    def reset_parameters(self):
        return None

    def _check_state(self, state, expected, name):
        if state.dim() != len(expected):
            raise RuntimeError(f'{name} must have {len(expected)} dims, and it has {state.dim()}')
        if tuple(state.shape) != expected:
            raise RuntimeError(f'{name} is {tuple(state.shape)}, and {expected} is needed (layers * directions, batch, features)')

    def _run(self, input, states):
        """The output and the last states of a tensor or a packed sequence, with one check for each state given."""
        directions = 2 if self.bidirectional else 1
        out_size = self.proj_size if self.proj_size > 0 else self.hidden_size
        layers = self.num_layers * directions
        if not may_be_tensor(input) and isinstance(input, PackedSequence):
            F.linear(input.data, self.weight_ih_l0)
            batch = input._batch
            data = input.data.new_empty((input.data.shape[0], out_size * directions))
            output = PackedSequence(data, input.batch_sizes, input.sorted_indices, input.unsorted_indices, batch)
            last = [input.data.new_empty((layers, batch, size)) for size in (out_size, self.hidden_size)]
            return output, last
        if not has_known_rank(input):
            gates = F.linear(input, self.weight_ih_l0)
            output = F.linear(gates, gates.new_empty((out_size * directions, gates.shape[-1])))
            # Two transpositions, so that the order in memory counts as unknown: it depends on the rank.
            output = output.transpose(-2, -1).transpose(-2, -1)
            return output, [some_tensor(), some_tensor()]
        if input.dim() not in (2, 3):
            raise ValueError(f'{self.mode} takes an input of 3 dims, or 2 without a batch, and it has {input.dim()}')
        gates = F.linear(input, self.weight_ih_l0)
        if input.dim() == 3:
            batch = (input.shape[0 if self.batch_first else 1],)
            if self.batch_first:
                output = gates.new_empty((input.shape[1], input.shape[0], out_size * directions)).transpose(0, 1)
            else:
                output = gates.new_empty((input.shape[0], input.shape[1], out_size * directions))
        else:
            batch = ()
            output = gates.new_empty((input.shape[0], out_size * directions))
        sizes = [(layers, *batch, out_size), (layers, *batch, self.hidden_size)]
        if states is not None:
            for name, state, size in zip(('hx', 'cx'), states, sizes):
                self._check_state(state, size, name)
        return output, [gates.new_empty(size) for size in sizes]


class RNN(RNNBase):
    def __init__(self, input_size, hidden_size, num_layers=1, nonlinearity='tanh', bias=True, batch_first=False,
                 dropout=0.0, bidirectional=False, device=None, dtype=None):
        if nonlinearity not in ('tanh', 'relu'):
            raise ValueError(f"nonlinearity must be 'tanh' or 'relu', and it is {nonlinearity!r}")
        mode = 'RNN_TANH' if nonlinearity == 'tanh' else 'RNN_RELU'
        super().__init__(mode, input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional,
                         dtype=dtype)
        self.nonlinearity = nonlinearity

    def forward(self, input, hx=None):
        output, last = self._run(input, None if hx is None else [hx])
        return output, last[0]


class GRU(RNNBase):
    def __init__(self, input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0,
                 bidirectional=False, device=None, dtype=None):
        super().__init__('GRU', input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional,
                         dtype=dtype)

    def forward(self, input, hx=None):
        output, last = self._run(input, None if hx is None else [hx])
        return output, last[0]


class LSTM(RNNBase):
    def __init__(self, input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0,
                 bidirectional=False, proj_size=0, device=None, dtype=None):
        super().__init__('LSTM', input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional,
                         proj_size, dtype=dtype)

    def forward(self, input, hx=None):
        output, last = self._run(input, hx)
        return output, (last[0], last[1])


class RNNCellBase(Module):
    def __init__(self, input_size, hidden_size, bias, num_chunks, device=None, dtype=None):
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias
        self.weight_ih = Parameter(torch.empty((num_chunks * hidden_size, input_size), dtype=dtype))
        self.weight_hh = Parameter(torch.empty((num_chunks * hidden_size, hidden_size), dtype=dtype))
        self.bias_ih = Parameter(torch.empty(num_chunks * hidden_size, dtype=dtype)) if bias else None
        self.bias_hh = Parameter(torch.empty(num_chunks * hidden_size, dtype=dtype)) if bias else None

    def _state(self, input, hx, name):
        if input.dim() not in (1, 2):
            raise ValueError(f'{type(self).__name__} takes an input of 2 dims, or 1 without a batch, and it has {input.dim()}')
        gates = F.linear(input, self.weight_ih, self.bias_ih)
        wanted = (*gates.shape[:-1], self.hidden_size)
        if hx is not None:
            if hx.dim() != input.dim() or tuple(hx.shape) != wanted:
                raise RuntimeError(f'{name} is {tuple(hx.shape)}, and {wanted} is needed')
        return gates.new_empty(wanted)


class RNNCell(RNNCellBase):
    def __init__(self, input_size, hidden_size, bias=True, nonlinearity='tanh', device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, 1, dtype=dtype)
        self.nonlinearity = nonlinearity

    def forward(self, input, hx=None):
        return self._state(input, hx, 'hx')


class GRUCell(RNNCellBase):
    def __init__(self, input_size, hidden_size, bias=True, device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, 3, dtype=dtype)

    def forward(self, input, hx=None):
        return self._state(input, hx, 'hx')


class LSTMCell(RNNCellBase):
    def __init__(self, input_size, hidden_size, bias=True, device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, 4, dtype=dtype)

    def forward(self, input, hx=None):
        if hx is None:
            return self._state(input, None, 'hx'), self._state(input, None, 'cx')
        return self._state(input, hx[0], 'hx'), self._state(input, hx[1], 'cx')
