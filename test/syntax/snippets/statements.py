"""A module docstring."""
from __future__ import annotations, division as d
import a, b.c, d.e as f
from . import g
from .. import h as i, j
from ...k.l import (m, n as o,)
from .p import *
from . q . r import s
x = y = z = 1
a, b = b, a
(a, b), [c, *d] = e
(a) = 1
a.b = c[d] = e
x: int
x: int = 1
(x): int = 2
x.y: List[int] = []
x[0]: 'str' = a, b
x: A[int][str] = 1
x: A[int, ...] | B[str] | None = None
x: Float[Tensor, "b s"] = (1)
x: Callable[[int], Dict[str, Tuple[int, ...]]] = f
x += 1; y -= 2; x *= 3; x /= 4; x //= 5; x %= 6; x **= 7; x @= 8; x &= 9; x |= 10; x ^= 11; x <<= 12; x >>= 13
del a, b.c, d[0]
del (a), (b, c), [d]
del (a, b)
del (a)
assert x
assert x, "message"
pass
raise
raise A
raise A(b) from c
if a: pass
if a:
    b
elif c:
    d
elif e: f; g;
else:
    h
if a:
    if b:
        c
    # a comment
    else:
        d
else: e
while x: break
while x:
    continue
else:
    pass
for x in y: pass
for x, in y: pass
for a, (b, *c) in d, e:
    f
else:
    g
for x.y in z: pass
for x[0], y in *a, b: pass
with a: pass
with a as b, c as (d, e), f() as g.h: pass
with (a): pass
with (a as b): pass
with (a as b, c): pass
with (a, b,): pass
with (a, b) as c: pass
with (a), (b): pass
with (a).b() as c: pass
with (
    open(x) as y,
    open(z),
):
    pass
try:
    a
except A: b
except (B, C) as d:
    e
except:
    f
else:
    g
finally:
    h
try: a
finally: b
try:
    a
except* B as c:
    d
except* (E, F): g
print = exec = match = type = case = 1
type(self).x = 3
type, match = 1, 2
match.x = type.y = 1
type: int = 1
match: int = 1
match += 1
print; exec
(yield_)
x = a if b \
    else c
if (a and
        b):
    c = [
        1,  # one
        2,
    ]
a = """
if x:
  not code
"""; b = 2
def f():
            (bar.
        baz)
            (bar.
        baz(
        ))
