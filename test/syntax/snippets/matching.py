# Patterns of `match`.
match x:
    case 1 | -2.5 | 1+2j | -1-2j: pass
    case "a" "b" | b'c' | None | True: pass
    case a.b | a.b.c: pass
    case _: pass
match x, y:
    case 1, 2: pass
    case a, *b: pass
    case [*_, c,]: pass
    case (a, b) if c > d: pass
    case (a): pass
    case (a,): pass
    case [(a | b) as c, None]: pass
    case (): pass
    case []: pass
match (x):
    # comment
    case {"a": 1, b.c: d, -1: [e], None: _, **rest}:
        pass
    case {}: pass
    case A(): pass
    case A.B(1, (2 | 3), x=1, y=(a | b) as q, z=-1): pass
    case A(x={"a": 1}, y=[*_]) as w: pass
    case str() | int(): pass
match *a, b:
    case _: pass
match -x:
    case x: pass
match match:
    case case: pass
match x := 1:
    case 1: pass
match [a, b]:
    case [1, 2]:
        match c:
            case d:
                pass
        e
