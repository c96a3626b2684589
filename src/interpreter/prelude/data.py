"""torch.utils.data: the batches that a loader gives, exactly while they are few and their order is known."""

import torch
from shapescope import are_told_apart, is_endless, is_tensor

# So many batches are told apart, and so many items.
few_batches, few_items = 16, 64


class Dataset:
    def __getitem__(self, index):
        raise NotImplementedError('Subclasses of Dataset should implement __getitem__.')

    def __add__(self, other):
        return ConcatDataset([self, other])


class IterableDataset(Dataset):
    pass


class TensorDataset(Dataset):
    def __init__(self, *tensors):
        self.tensors = tensors

    def __getitem__(self, index):
        return tuple([tensor[index] for tensor in self.tensors])

    def __len__(self):
        return self.tensors[0].size(0)


class StackDataset(Dataset):
    def __init__(self, *args, **kwargs):
        self.datasets = args if args else kwargs

    def __getitem__(self, index):
        if isinstance(self.datasets, dict):
            return {key: dataset[index] for key, dataset in self.datasets.items()}
        return tuple([dataset[index] for dataset in self.datasets])

    def __len__(self):
        return len(next(iter(self.datasets.values())) if isinstance(self.datasets, dict) else self.datasets[0])


class Subset(Dataset):
    def __init__(self, dataset, indices):
        self.dataset = dataset
        self.indices = indices

    def __getitem__(self, index):
        return self.dataset[self.indices[index]]

    def __len__(self):
        return len(self.indices)


class ConcatDataset(Dataset):
    def __init__(self, datasets):
        self.datasets = list(datasets)

    def __getitem__(self, index):
        for dataset in self.datasets:
            if index < len(dataset):
                return dataset[index]
            index = index - len(dataset)
        raise IndexError('index out of range')

    def __len__(self):
        return sum([len(dataset) for dataset in self.datasets])


class Sampler:
    def __init__(self, data_source=None):
        pass


class SequentialSampler(Sampler):
    def __init__(self, data_source):
        self.data_source = data_source

    def __iter__(self):
        return iter(range(len(self.data_source)))

    def __len__(self):
        return len(self.data_source)


class RandomSampler(Sampler):
    def __init__(self, data_source, replacement=False, num_samples=None, generator=None):
        self.data_source = data_source
        self.num_samples = len(data_source) if num_samples is None else num_samples

    def __iter__(self):
        return iter([torch.randint(len(self.data_source), ()).item() for _ in range(self.num_samples)])

    def __len__(self):
        return self.num_samples


class WeightedRandomSampler(RandomSampler):
    def __init__(self, weights, num_samples, replacement=True, generator=None):
        super().__init__(weights, num_samples=num_samples)


class SubsetRandomSampler(Sampler):
    def __init__(self, indices, generator=None):
        self.indices = indices

    def __iter__(self):
        return iter([self.indices[torch.randint(len(self.indices), ()).item()] for _ in range(len(self.indices))])

    def __len__(self):
        return len(self.indices)


class BatchSampler(Sampler):
    def __init__(self, sampler, batch_size, drop_last):
        self.sampler = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last

    def __iter__(self):
        indices = list(self.sampler)
        return iter([indices[i * self.batch_size:(i + 1) * self.batch_size] for i in range(len(self))])

    def __len__(self):
        total = len(self.sampler)
        return total // self.batch_size if self.drop_last else (total + self.batch_size - 1) // self.batch_size


def random_split(dataset, lengths, generator=None):
    total = len(dataset)
    sizes = [int(total * length) if isinstance(length, float) else length for length in lengths]
    for i in range(total - sum(sizes)):
        sizes[i % len(sizes)] += 1
    return [Subset(dataset, torch.randperm(total)[:size].tolist()) for size in sizes]


def default_collate(batch):
    first = batch[0]
    if is_tensor(first):
        return torch.stack(batch)
    if isinstance(first, float):
        return torch.tensor(batch, dtype=torch.float64)
    if isinstance(first, int):
        return torch.tensor(batch)
    if isinstance(first, dict):
        return {key: default_collate([item[key] for item in batch]) for key in first}
    if isinstance(first, tuple) and hasattr(first, '_fields'):
        return type(first)(*[default_collate([item[i] for item in batch]) for i in range(len(first))])
    if isinstance(first, (tuple, list)):
        return [default_collate([item[i] for item in batch]) for i in range(len(first))]
    return default_collate([torch.from_numpy(item) for item in batch]) if hasattr(first, '__array__') else batch


class DataLoader:
    def __init__(self, dataset, batch_size=1, shuffle=None, sampler=None, batch_sampler=None, num_workers=0,
                 collate_fn=None, pin_memory=False, drop_last=False, timeout=0, worker_init_fn=None, **kwargs):
        self.dataset = dataset
        self.batch_size = batch_size
        self.collate_fn = default_collate if collate_fn is None else collate_fn
        self.drop_last = drop_last
        self.sampler = sampler
        self.batch_sampler = batch_sampler
        self._is_ordered = not shuffle and sampler is None and batch_sampler is None

    def __len__(self):
        if self.batch_sampler is not None:
            return len(self.batch_sampler)
        total = len(self.dataset if self.sampler is None else self.sampler)
        if self.batch_size is None:
            return total
        return total // self.batch_size if self.drop_last else (total + self.batch_size - 1) // self.batch_size

    def _any_item(self):
        return self.dataset[torch.randint(len(self.dataset), ()).item()]

    def _batch(self, start, size):
        if self.batch_size is None:
            return self._any_item()
        if self._is_ordered and start + size <= few_items:
            return self.collate_fn([self.dataset[i] for i in range(start, start + size)])
        return self.collate_fn([self._any_item()] * size)

    def _batches_of(self, items, size, some):
        if self.batch_size is None:
            return items
        if are_told_apart(items):
            items = list(items)
            count = len(items) - (len(items) % size if self.drop_last else 0)
            return iter([self.collate_fn(items[i:i + size]) for i in range(0, count, size)])
        item = next(items)
        batches = [self.collate_fn([item] * size) for _ in some]
        if self.drop_last or is_endless(items):
            return iter(batches)
        return iter(batches + [self.collate_fn([item] * torch.randint(1, size, ()).item())])

    def __iter__(self):
        size = 1 if self.batch_size is None else self.batch_size
        some = torch.nonzero(torch.rand(1))
        if self.batch_sampler is not None:
            if len(self.batch_sampler) <= few_batches:
                return iter([self.collate_fn([self.dataset[i] for i in batch]) for batch in self.batch_sampler])
            return iter([self.collate_fn([self.dataset[i] for i in next(iter(self.batch_sampler))]) for _ in some])
        if isinstance(self.dataset, IterableDataset):
            return self._batches_of(iter(self.dataset), size, some)
        total = len(self.dataset if self.sampler is None else self.sampler)
        whole, left = total // size, 0 if self.drop_last else total % size
        if whole > few_batches:
            whole_batch = self._batch(few_items, size)
            return iter([whole_batch for _ in some] + ([self._batch(few_items, left)] if left > 0 else []))
        batches = [self._batch(i * size, size) for i in range(whole)]
        return iter(batches + [self._batch(whole * size, left)] if left > 0 else batches)
