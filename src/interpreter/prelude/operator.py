"""Python's operators as functions."""


def add(a, b): return a + b
def sub(a, b): return a - b
def mul(a, b): return a * b
def matmul(a, b): return a @ b
def truediv(a, b): return a / b
def floordiv(a, b): return a // b
def mod(a, b): return a % b
def pow(a, b): return a ** b
def neg(a): return -a
def pos(a): return +a
def invert(a): return ~a
def and_(a, b): return a & b
def or_(a, b): return a | b
def xor(a, b): return a ^ b
def not_(a): return not a
def eq(a, b): return a == b
def ne(a, b): return a != b
def lt(a, b): return a < b
def le(a, b): return a <= b
def gt(a, b): return a > b
def ge(a, b): return a >= b
def is_(a, b): return a is b
def is_not(a, b): return a is not b
def contains(a, b): return b in a
def concat(a, b): return a + b
def getitem(a, b): return a[b]


def setitem(a, b, c):
    a[b] = c


def iadd(a, b):
    a += b
    return a


def imul(a, b):
    a *= b
    return a


def itemgetter(item, *items):
    return (lambda of: tuple([of[i] for i in (item, *items)])) if items else (lambda of: of[item])


def attrgetter(attr, *attrs):
    def read(of, path):
        for name in path.split('.'):
            of = getattr(of, name)
        return of
    return (lambda of: tuple([read(of, a) for a in (attr, *attrs)])) if attrs else (lambda of: read(of, attr))


def methodcaller(name, *args, **kwargs):
    return lambda of: getattr(of, name)(*args, **kwargs)
