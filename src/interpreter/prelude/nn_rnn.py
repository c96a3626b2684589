"""torch.nn.utils.rnn: sequences of several lengths in one tensor."""

import torch


class PackedSequence:
    def __init__(self, data, batch_sizes=None, sorted_indices=None, unsorted_indices=None, batch=None):
        self.data = data
        self.batch_sizes = batch_sizes
        # The first of the batch sizes.
        self._batch = batch_sizes[0].item() if batch is None else batch
        self.sorted_indices = sorted_indices
        self.unsorted_indices = unsorted_indices

    def to(self, *args, **kwargs):
        return PackedSequence(self.data.to(*args, **kwargs), self.batch_sizes, self.sorted_indices, self.unsorted_indices, self._batch)

    def cuda(self, *args, **kwargs):
        return self

    def cpu(self):
        return self


def pad_sequence(sequences, batch_first=False, padding_value=0.0, padding_side='right'):
    longest = max([s.shape[0] for s in sequences])
    first = sequences[0]
    rest = first.shape[1:]
    for s in sequences:
        if s.shape[1:] != rest:
            raise RuntimeError(f'all sequences must agree behind dim 0, and one is {tuple(s.shape)}, another {tuple(first.shape)}')
    size = (len(sequences), longest) if batch_first else (longest, len(sequences))
    return first.new_empty((*size, *rest))


def unpad_sequence(padded_sequences, lengths, batch_first=False):
    if not batch_first:
        padded_sequences = padded_sequences.transpose(0, 1)
    return [s[:int(length)] for s, length in zip(padded_sequences, lengths)]


def pack_padded_sequence(input, lengths, batch_first=False, enforce_sorted=True):
    lengths = torch.as_tensor(lengths, dtype=torch.int64)
    if batch_first:
        input = input.transpose(0, 1)
    total = lengths.sum().item()
    longest = lengths.max().item()
    data = input.new_empty((total, *input.shape[2:]))
    order = None if enforce_sorted else torch.empty(input.shape[1], dtype=torch.int64)
    return PackedSequence(data, torch.empty((longest,), dtype=torch.int64), order, order, input.shape[1])


def pad_packed_sequence(sequence, batch_first=False, padding_value=0.0, total_length=None):
    longest = sequence.batch_sizes.shape[0] if total_length is None else total_length
    batch = sequence._batch
    rest = sequence.data.shape[1:]
    padded = sequence.data.new_empty((longest, batch, *rest))
    lengths = torch.empty(batch, dtype=torch.int64)
    if batch_first:
        padded = padded.transpose(0, 1)
    # Sequences that came in another order are picked out one by one.
    if sequence.unsorted_indices is not None:
        padded = padded.contiguous()
    return padded, lengths


def pack_sequence(sequences, enforce_sorted=True):
    lengths = [s.shape[0] for s in sequences]
    return pack_padded_sequence(pad_sequence(sequences), lengths, enforce_sorted=enforce_sorted)
