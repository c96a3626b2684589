"""Queues: what was put in comes out in its order."""


class Empty(Exception): pass
class Full(Exception): pass


class Queue:
    def __init__(self, maxsize=0, *, ctx=None):
        self.queue = []

    def put(self, item, block=True, timeout=None):
        self.queue.append(item)

    def get(self, block=True, timeout=None):
        if len(self.queue) == 0:
            raise Empty()
        return self.queue.pop(self._next())

    def _next(self): return 0
    def put_nowait(self, item): self.put(item)
    def get_nowait(self): return self.get()
    def qsize(self): return len(self.queue)
    def empty(self): return len(self.queue) == 0
    def full(self): return False
    def task_done(self): return None
    def join(self): return None


SimpleQueue = Queue


class LifoQueue(Queue):
    def _next(self): return -1


class PriorityQueue(Queue):
    def put(self, item, block=True, timeout=None):
        self.queue.append(item)
        self.queue.sort()
