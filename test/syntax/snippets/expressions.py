# Every kind of expression.
x = 1, 0xFF_FF, 0b101, 0O17, 1_000, 1e5, .5, 5., 1_0.0_1e1_0, 1J, 2.5j, 10**400
s = 'a\n\t\x41\u00e9\U0001F600\101\\ \q', r'\n\d', b'\x00\xff', u"ü", "a" 'b' """c
d""", rb'\x', B"z"
t = "line \
continued", ''
f = f"a{x}b{y!r:>{width}.{prec}f}{z = }{{}}{d['k']}", "pre" f'{a}' "post" f"{b:%Y-%m}", rf'\{x}', f"{lambda_ if a else b}"
é𝒳 = "😀"; after = é𝒳 + "😀😀" + b
c = True, False, None, ..., __debug__
a ^ b & c | d << e + f * g ** -h ** i @ j // k % l - ~m >> n & o ^ p
-x ** 2, (-x) ** 2, +x, ~x ** -y, not x == y, not not x
a and b or c and not d or (e or f) or g
a < b <= c != d == e is f is not g in h not in i > j >= k
x if a else y if b else z
lambda: 0, lambda x, *a, y=1, **k: x, lambda x, /, y, *, z: (yield), lambda *, k=1: lambda: k
(), (1,), (1, 2), [1], [], {1}, {1: 2}, {}, {**a, 'b': 1, **c}, [*a, *b], {*a, 1}, (*a, 1)
[x for x in y], {x for x in y if a if b}, {k: v for k, v in z for w in v}, (x for x, in y)
f(), f(a), f(a, *b, c=1, *d, **e, g=2), f(x for x in y), f(a)(b)[c].d, f(a := 1), f((yield)), f(a=(b))
x[1], x[1:2], x[:], x[::], x[a:b:c], x[::2], x[1, 2], x[1,], x[..., None, :1], x[*a], x[*a, 1:2], x[a:=1], x[(1, 2)], x[()]
x[:, -1], x[lambda: 1], x[a if b else c:d], x[-1:], x[f(a)[b]:c]
(a := 1), [b := 2], (c := d if e else f)
*a, b = c
print(*a, sep=''), print, exec, print >> f, print % x, print[0], match[x], match(x), type(x), type[int], match - x
(a
 .b
 .c(d)
 [e])
x = (yield)
(((a))), ((a) + (b)), ((a).b), ((a)(b)), ((a)[b])
x = *a, *f(b), *c.d[0]
x = *(a, b), c
x = *[1], *"abc"
*a | b, c
x[*f(a)], x[*(a, b)]
1if x else 2
_ = a.b.c.d, a().b()[c].d(), "".join(x), 1 .real, (1).real
f(a for a in b if c)


def further_left(x):
    chosen = (x if isinstance(x, int)
              else 'a # b' if x
# a comment that starts further left than its block
              else """c
# d""")
    return chosen
