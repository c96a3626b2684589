"""The heapq module: how many items a heap has, and that any of them may be the least."""

from .random import shuffle


def heapify(x): shuffle(x)


def heappush(heap, item):
    heap.append(item)
    shuffle(heap)


def heappop(heap):
    shuffle(heap)
    return heap.pop()


def heappushpop(heap, item):
    heappush(heap, item)
    return heap.pop()


def heapreplace(heap, item):
    least = heappop(heap)
    heap.append(item)
    return least


def nlargest(n, iterable, key=None): return sorted(iterable, key=key, reverse=True)[:n]
def nsmallest(n, iterable, key=None): return sorted(iterable, key=key)[:n]
def merge(*iterables, key=None, reverse=False): return sorted([i for items in iterables for i in items], key=key, reverse=reverse)
