"""Runs the prelude's layers as ordinary Python on real torch and compares them with torch.nn.

python test/ops-nn/check_prelude.py [--verbose]: prints each difference in attributes, in shapes, dtypes and
contiguity of outputs, and in what is refused; exits with 1 if there is any.
"""

import importlib
import pathlib
import sys
import types
import warnings

import torch

warnings.simplefilter('ignore')
here = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(here))


def load():
    """The prelude as a package, with what the interpreter itself provides."""
    runtime = types.ModuleType('shapescope')
    runtime.as_parameter = lambda t: torch.nn.Parameter(t.detach(), requires_grad=t.is_floating_point() or t.is_complex())
    runtime.is_parameter = lambda v: isinstance(v, torch.nn.Parameter)
    runtime.is_tensor = lambda v: isinstance(v, torch.Tensor)
    runtime.may_be_tensor = runtime.is_tensor
    runtime.has_known_rank = lambda v: True
    runtime.share_rank = lambda *v: None
    runtime.distinct = lambda pairs: list({id(v): (n, v) for n, v in reversed(list(pairs))}.values())[::-1]
    runtime.some_tensor = lambda: torch.empty(0)
    runtime.in_any_layout = lambda t: t
    sys.modules['shapescope'] = runtime
    package = types.ModuleType('prelude')
    package.__path__ = [str(here.parent.parent / 'src' / 'interpreter' / 'prelude')]
    sys.modules['prelude'] = package
    return importlib.import_module('prelude.nn')


def describe(value):
    if isinstance(value, torch.Tensor):
        contiguity = 'contiguous' if value.is_contiguous() else f'strides {tuple(value.stride())}'
        return f'{tuple(value.shape)} {value.dtype} {contiguity}'
    if isinstance(value, (tuple, list)):
        return '(' + ', '.join(describe(v) for v in value) + ')'
    return repr(value)


def attempt(action):
    try:
        return action(), None
    except Exception as error:  # noqa: BLE001 - whatever torch refuses, the prelude must refuse
        return None, error


def plain(value):
    return isinstance(value, (int, float, str, bool, tuple, list, type(None)))


def attribute_differences(real, ours, path):
    found = []
    for name, value in real.__dict__.items():
        if name.startswith('_') or not plain(value):
            continue
        if name not in ours.__dict__:
            found.append(f'{path}.{name} is missing ({value!r})')
        elif ours.__dict__[name] != value:
            found.append(f'{path}.{name} is {ours.__dict__[name]!r}, torch has {value!r}')
    for kind in ('named_parameters', 'named_buffers') if 'Lazy' not in path else ():
        a = {n: describe(v) for n, v in getattr(real, kind)()}
        b = {n: describe(v) for n, v in getattr(ours, kind)()}
        if a != b:
                found.append(f'{path} {kind}: {b}, torch has {a}')
    names = [n for n, _ in real.named_children()], [n for n, _ in ours.named_children()]
    if names[0] != names[1]:
        found.append(f'{path} children: {names[1]}, torch has {names[0]}')
    return found


def main():
    ours = load()
    from prelude_cases import cases
    problems, calls, refusals = [], 0, 0
    for case in cases:
        label = f'{case.name}({", ".join([*map(repr, case.args), *(f"{k}={v!r}" for k, v in case.kwargs.items())])})'
        label = label.replace('\n', ' ')
        (a, error_a), (b, error_b) = (attempt(lambda nn=nn: getattr(nn, case.name)(*case.args, **case.kwargs)) for nn in (torch.nn, ours))
        if (a is None) != (b is None):
            problems.append(f'{label}: torch {"refuses" if a is None else "accepts"}; {error_a or error_b}')
        if a is None or b is None:
            refusals += a is None
            continue
        problems += attribute_differences(a, b, label)
        for training in (True, False):
            a.train(training), b.train(training)
            for inputs in case.calls:
                calls += 1
                (x, error_x), (y, error_y) = (attempt(lambda m=m: m(*inputs)) for m in (a, b))
                refusals += error_x is not None
                shown = ', '.join(describe(v) for v in inputs)
                if (error_x is None) != (error_y is None):
                    problems.append(f'{label}({shown}): torch {"refuses" if error_x else "accepts"}; {error_x or error_y}')
                elif error_x is None and describe(x) != describe(y):
                    problems.append(f'{label}({shown}): {describe(y)}, torch has {describe(x)}')
    for problem in problems:
        print(problem)
    names = {name for name in torch.nn.__all__ if isinstance(getattr(torch.nn, name, None), type)} if hasattr(torch.nn, '__all__') else \
        {name for name in dir(torch.nn) if isinstance(getattr(torch.nn, name), type)}
    print('not in the prelude:', sorted(n for n in names if not hasattr(ours, n)))
    print(f'{len(cases)} layers, {calls} calls, {refusals} of them refused; {len(problems)} differences')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
