# Functions, classes, decorators, async code.
def f(): pass
def f(a, b=1, /, c: int = 2, *args: T, d, e: str = 'x', **kw: U) -> List[int]:
    """The docstring."""
    return a
def f(*, a): return
def f(*args): return 1, 2
def f(*args: *Ts): return *a, b
def f(
    a,  # first
    b: "B" = (1),
):
    global x, y
    def g():
        nonlocal a, b
        yield
        yield a
        yield a, b
        x = yield from c
        x = yield
        return (yield)
    return g

@a
@b.c(d, e=1)
@f[0].g
@(yield_)
@x if y else z
@lambda f: f
def f(): pass


@dataclass(frozen=True)
class A(B, C[int], *D, metaclass=M, **kw):
    """Doc."""
    x: int = 1
    y: str

    @property
    def p(self): return self._p

    @p.setter
    def p(self, v):
        self._p = v
        class Inner: pass

    class Nested(A):
        def q(self):
            pass
    # trailing comment

    if x:
        def r(self): ...
    else:
        def s(self): ...
class E: pass
class F(): x = 1; y = 2;
class G:
    'doc' "joined"

async def f():
    async with a as b, c: pass
    async for x in y: pass
    else: pass
    await x
    z = await a ** b, -await c, await d.e(f)[g], x ** await y ** z
    return [x async for x in y if await z], {await a: b async for a, b in c}
    async def g(): yield
