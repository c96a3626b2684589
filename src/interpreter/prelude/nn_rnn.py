"""torch.nn.utils.rnn: sequences of several lengths in one tensor."""

import torch


class PackedSequence:
    def __init__(self, data, batch_sizes=None, sorted_indices=None, unsorted_indices=None):
        self.data = data
        self.batch_sizes = batch_sizes
        self.sorted_indices = sorted_indices
        self.unsorted_indices = unsorted_indices

    def to(self, *args, **kwargs):
        return PackedSequence(self.data.to(*args, **kwargs), self.batch_sizes, self.sorted_indices, self.unsorted_indices)

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
    if batch_first:
        return first.new_full((len(sequences), longest, *rest), padding_value)
    return first.new_full((longest, len(sequences), *rest), padding_value)


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
    return PackedSequence(data, torch.full((longest,), input.shape[1], dtype=torch.int64), order, order)


def pad_packed_sequence(sequence, batch_first=False, padding_value=0.0, total_length=None):
    longest = sequence.batch_sizes.shape[0] if total_length is None else total_length
    batch = sequence.batch_sizes[0].item()
    rest = sequence.data.shape[1:]
    padded = sequence.data.new_full((longest, batch, *rest), padding_value)
    lengths = torch.empty(batch, dtype=torch.int64)
    if batch_first:
        return padded.transpose(0, 1), lengths
    return padded, lengths


def pack_sequence(sequences, enforce_sorted=True):
    lengths = [s.shape[0] for s in sequences]
    return pack_padded_sequence(pad_sequence(sequences), lengths, enforce_sorted=enforce_sorted)
