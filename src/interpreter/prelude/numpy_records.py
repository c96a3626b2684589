"""Structured arrays of NumPy: an array for each field; their dims begin with those of the whole."""

import torch
from shapescope import some_tensor

from .numpy import _dtype, _dtypes, _shape, ndarray


class void:
    """The dtype of a structured array: the dtype and the shape of each field."""

    def __init__(self, described):
        self.fields = {field[0]: (_of_field(field[1]), _shape(field[2]) if len(field) > 2 else ()) for field in described}
        self.names = tuple(self.fields)


def _of_field(given):
    """A text that names no number, as of a field of texts, is a dtype of which nothing is known."""
    return _dtype(given, some_tensor().dtype)


def _described(dtype):
    """The dtype of a structured array, if it is one."""
    return void(dtype) if isinstance(dtype, list) else dtype if isinstance(dtype, void) else None


def records_of(shape, dtype):
    lead = tuple(_shape(shape))
    fields = {name: ndarray(torch.empty((*lead, *own), dtype=of), False) for name, (of, own) in dtype.fields.items()}
    return records(ndarray(torch.empty(lead), False), fields, dtype)


class records(ndarray):
    """What is not done field by field here is not known."""

    def __init__(self, rows, parts, dtype):
        super().__init__(some_tensor(), False)
        self.rows, self.parts, self.kind = rows, parts, dtype

    @property
    def shape(self): return self.rows.shape

    @property
    def ndim(self): return self.rows.ndim

    @property
    def size(self): return self.rows.size

    @property
    def dtype(self): return self.kind

    def __len__(self): return len(self.rows)
    def __iter__(self): return iter([self[i] for i in range(len(self))])

    def __getitem__(self, index):
        if isinstance(index, str):
            return self.parts[index]
        if isinstance(index, list) and len(index) > 0 and isinstance(index[0], str):
            return records(self.rows, {name: self.parts[name] for name in index}, self.kind)
        return records(self.rows[index], {name: part[index] for name, part in self.parts.items()}, self.kind)

    def __setitem__(self, index, value): return None

    def copy(self):
        return records(self.rows, {name: part.copy() for name, part in self.parts.items()}, self.kind)
