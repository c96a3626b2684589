"""Records what PyTorch does with the sample inputs of its own OpInfo database: shapes, dtypes, layouts, refusals.

    python test/golden/record_ops.py [--out test/golden/ops] [--cap 6] [--only name]

Each line of the files is one call as JSON: the op under its place (`torch.sum`, `method.view`, `F.pad`), the call as
Python text over its tensors a0, a1, …, the tensors ([shape, dtype, strides or null if dense, values of small
integer ones]), the arguments, and what came out: `out` or `error`. Written once per PyTorch release and committed.
"""

import argparse
import json
import os
import random
import re
import sys
import types
import unittest
import warnings
from pathlib import Path

stand_in = types.ModuleType('expecttest')
stand_in.TestCase = unittest.TestCase
sys.modules['expecttest'] = stand_in
warnings.simplefilter('ignore')

import torch  # noqa: E402

torch.set_num_threads(1)
from torch.overrides import TorchFunctionMode, resolve_name  # noqa: E402
from torch.testing._internal.common_methods_invocations import op_db  # noqa: E402

from call_variants import flat_tensors, variants  # noqa: E402
from made_up_calls import made_up  # noqa: E402

PLACES = [
    ('torch.Tensor.', 'method.'), ('torch._C.TensorBase.', 'method.'), ('torch._tensor.Tensor.', 'method.'),
    ('torch.nn.functional.', 'F.'), ('torch._C._nn.', 'F.'), ('torch.linalg.', 'linalg.'), ('torch._C._linalg.', 'linalg.'),
    ('torch.fft.', 'fft.'), ('torch._C._fft.', 'fft.'), ('torch.special.', 'special.'), ('torch._C._special.', 'special.'),
    ('torch.functional.', 'torch.'), ('torch._C._VariableFunctions.', 'torch.'), ('torch.', 'torch.'),
]
SHAPE_WORDS = re.compile(
    r'size|shape|dim|broadcast|index|rank|element|must match|length|expand|view|stride|out of range|negative|'
    r'mat1|mat2|square|batch|channel|split|empty|number of|same|1-D|2-D|3-D|D tensor|D input|match', re.I)
OTHER_WORDS = re.compile(
    r'dtype|scalar type|not implemented|autograd|Expected out|requires_grad|argument .* must be|got an unexpected|'
    r'must be Tensor|invalid combination|keyword|not supported|data type|for \'|complex|device|can\'t be cast|'
    r'does not have a deterministic|learning rate|probab|generator|overlap|unsupported operation|correction|'
    r'interpolation|Boolean|integral|floating|integer tensor|tolerance|reduction|mode', re.I)


def place_of(func):
    name = resolve_name(func)
    if name is None:
        name = f'{getattr(func, "__module__", "")}.{getattr(func, "__qualname__", "")}'
    if name.endswith('.__get__'):
        return 'attribute.' + name.split('.')[-2]
    for prefix, place in PLACES:
        if name.startswith(prefix):
            rest = name[len(prefix):]
            return place + rest if '.' not in rest else None
    return None


class Skip(Exception):
    """An argument that cannot be written down."""


def dtype_name(dtype):
    return str(dtype).removeprefix('torch.')


def describe(t, with_values=True):
    if t.device.type != 'cpu' or t.layout != torch.strided or t.is_quantized or t.is_nested:
        raise Skip
    dense, step = [], 1
    for size in reversed(t.shape):
        dense.insert(0, step)
        step *= max(size, 1)
    line = [list(t.shape), dtype_name(t.dtype), None if dense == list(t.stride()) else list(t.stride())]
    if with_values and not t.is_floating_point() and not t.is_complex() and t.numel() <= 16:
        line.append([int(v) for v in t.flatten().tolist()])
    return line


class Writer:
    """Arguments as JSON and as Python text."""

    def __init__(self):
        self.tensors, self.ids = [], {}

    def encode(self, v):
        if isinstance(v, torch.Tensor):
            if id(v) not in self.ids:
                self.ids[id(v)] = len(self.tensors)
                self.tensors.append((v, describe(v)))
            return {'t': self.ids[id(v)]}, f'a{self.ids[id(v)]}'
        if v is None or isinstance(v, (bool, str)):
            return v, repr(v)
        if isinstance(v, int):
            return int(v), repr(int(v))
        if isinstance(v, float):
            return {'f': v if abs(v) < 1e300 else str(v)}, f"float('{v}')" if v != v or abs(v) > 1e300 else repr(v)
        if isinstance(v, complex):
            return {'c': 1}, repr(v)
        if isinstance(v, torch.dtype):
            return {'d': dtype_name(v)}, str(v)
        if isinstance(v, torch.memory_format):
            return {'m': dtype_name(v)}, str(v)
        if isinstance(v, torch.device):
            return {'v': str(v)}, f"torch.device('{v}')"
        if isinstance(v, torch.layout) and v == torch.strided:
            return {'v': 'strided'}, 'torch.strided'
        if v is Ellipsis:
            return {'e': 1}, '...'
        if isinstance(v, slice):
            parts = [self.encode(p) for p in (v.start, v.stop, v.step)]
            return {'s': [p[0] for p in parts]}, f'slice({", ".join(p[1] for p in parts)})'
        if isinstance(v, (tuple, list)):
            parts = [self.encode(p) for p in v]
            inside = ', '.join(p[1] for p in parts)
            if isinstance(v, tuple):
                return {'u': [p[0] for p in parts]}, f'({inside}{"," if len(v) == 1 else ""})'
            return [p[0] for p in parts], f'[{inside}]'
        raise Skip


def outcome(v):
    if isinstance(v, torch.Tensor):
        return {'t': describe(v)}
    if v is None or isinstance(v, (bool, str)):
        return v
    if isinstance(v, int):
        return int(v)
    if isinstance(v, float):
        return {'f': 0}
    if isinstance(v, complex):
        return {'c': 1}
    if isinstance(v, torch.dtype):
        return {'d': dtype_name(v)}
    if isinstance(v, (tuple, list)):
        return [outcome(x) for x in v]
    raise Skip


def text_of(place, args, kwargs):
    where, name = place.split('.', 1)
    rest = [f'{k}={v}' for k, v in kwargs]
    if where == 'attribute':
        return f'{args[0]}.{name}'
    if where == 'method':
        return f'{args[0]}.{name}({", ".join(args[1:] + rest)})'
    module = {'torch': 'torch', 'F': 'F'}.get(where, f'torch.{where}')
    return f'{module}.{name}({", ".join(args + rest)})'


def record(place, func, args, kwargs):
    """One call and its outcome as a JSON object, or None if it cannot be written down."""
    writer = Writer()
    try:
        kwargs = {k: v for k, v in kwargs.items() if not (k in ('device', 'generator', 'layout') or (k == 'requires_grad'))}
        positional = [writer.encode(a) for a in args]
        keywords = [(k, writer.encode(v)) for k, v in kwargs.items()]
    except Skip:
        return None
    line = {
        'op': place,
        'call': text_of(place, [p[1] for p in positional], [(k, v[1]) for k, v in keywords]),
        'in': [t[1] for t in writer.tensors],
        'args': [p[0] for p in positional],
    }
    if keywords:
        line['kw'] = {k: v[0] for k, v in keywords}
    try:
        torch.manual_seed(0)
        value = func(*args, **kwargs)
    except NotImplementedError:
        return None
    except Exception as error:  # noqa: BLE001
        message = str(error).strip().split('\n')[0][:160]
        line['error'] = [type(error).__name__, message]
        if isinstance(error, (RuntimeError, IndexError, ValueError)) and SHAPE_WORDS.search(message):
            line['shape'] = 0 if OTHER_WORDS.search(message) else 1
        return line
    try:
        line['out'] = outcome(value)
    except (Skip, RuntimeError):
        return None
    return line


class Tap(TorchFunctionMode):
    """Sees every call that code makes to PyTorch's functions."""

    def __init__(self):
        super().__init__()
        self.calls = []

    def __torch_function__(self, func, kinds, args=(), kwargs=None):
        place = place_of(func)
        if place:
            # As they are before the call, which may change them.
            self.calls.append((place, func, copied(args), copied(dict(kwargs or {}))))
        return func(*args, **(kwargs or {}))


def copied(v):
    if isinstance(v, torch.Tensor):
        return v.detach().clone(memory_format=torch.preserve_format) if v.layout == torch.strided else v
    if isinstance(v, dict):
        return {k: copied(x) for k, x in v.items()}
    return type(v)(copied(x) for x in v) if type(v) in (tuple, list) else v


def calls_of(run, sample):
    """The calls that one sample makes."""
    args = copied([sample.input, *sample.args])
    kwargs = {k: copied(v) for k, v in sample.kwargs.items()}
    tap = Tap()
    try:
        with tap:
            run(*args, **kwargs)
    except Exception:  # noqa: BLE001
        pass
    return tap.calls[:3]


UNSAFE = re.compile(r'_backward|native_|_batch_norm|flash|efficient|_scaled|segment_reduce|jiterator|cudnn|sparse|masked\.|ctc')


def runs_of(op):
    runs = [op.op]
    for run in (op.method_variant, op.inplace_variant):
        if run is not None and run not in runs:
            runs.append(run)
    return runs


def samples_of(op):
    for dtype in (torch.float32, torch.int64, torch.bool, torch.complex64):
        if dtype not in op.dtypes or (dtype == torch.complex64 and op.name not in KEPT_COMPLEX and torch.float32 in op.dtypes):
            continue
        torch.manual_seed(0)
        random.seed(0)
        try:
            samples = list(op.sample_inputs('cpu', dtype, requires_grad=False))
        except Exception:  # noqa: BLE001
            continue
        yield dtype, [s for s in samples if sum(t.numel() for t in flat_tensors((s.input, s.args, s.kwargs))) < 200000]


KEPT_COMPLEX = {'real', 'imag', 'view_as_real', 'abs', 'angle', 'conj', 'add', 'mul', 'fft.irfft', 'H', 'mH'}


def spread(items, count, rng):
    """Up to `count` items, from all over the list."""
    items = list(items)
    if len(items) <= count:
        return items
    picked = sorted(rng.sample(range(len(items)), count))
    return [items[i] for i in picked]


def collected(op, cap):
    """`collect` in a child process: wrong shapes crash a few of PyTorch's kernels, which then get none."""
    for mutates in (True, False):
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            with os.fdopen(writer, 'w') as pipe:
                json.dump(collect(op, cap, mutates), pipe)
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as pipe:
            text = pipe.read()
        if os.waitpid(child, 0)[1] == 0:
            return json.loads(text)
    return []


def collect(op, cap, may_mutate):
    rng = random.Random(op.name + op.variant_test_name)
    lines = []

    def keep(run, sample, limit=None):
        for place, func, args, kwargs in calls_of(run, sample)[:limit]:
            line = record(place, func, args, kwargs)
            if line:
                lines.append(line)

    for dtype, samples in samples_of(op):
        count = cap if dtype == torch.float32 else max(cap // 3, 1)
        for number, run in enumerate(runs_of(op)):
            for sample in spread(samples, count if number == 0 else max(count // 3, 1), rng):
                before = len(lines)
                keep(run, sample)
                mutates = may_mutate and number < 2 and not UNSAFE.search(op.name) and run is not op.inplace_variant
                if dtype != torch.float32 or not mutates or len(lines) == before:
                    continue
                for place, func, args, kwargs in calls_of(run, sample)[:1]:
                    made = [(kind, record(place, func, a, k)) for kind, a, k in variants(rng, args, kwargs)]
                    layouts = [line for kind, line in made if line and kind == 'layout' and 'out' in line]
                    shapes = [line for kind, line in made if line and kind == 'shape']
                    lines += spread(layouts, 1, rng) + spread(shapes, 1, rng)
    if op.error_inputs_func is not None:
        try:
            wrong = list(op.error_inputs('cpu'))
        except Exception:  # noqa: BLE001
            wrong = []
        for error in spread(wrong, cap * 2, rng):
            tap = []
            try:
                tap = calls_of(op.op, error.sample_input)[:1]
            except Exception:  # noqa: BLE001
                continue
            for place, func, args, kwargs in tap:
                line = record(place, func, args, kwargs)
                if line and 'error' in line:
                    lines.append(line)
    return lines


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--out', default='test/golden/ops')
    parser.add_argument('--cap', type=int, default=4)
    parser.add_argument('--only')
    options = parser.parse_args()
    files, seen = {}, set()
    for op in op_db:
        if (options.only and op.name != options.only) or UNSAFE.search(op.name):
            continue
        print(op.name, file=sys.stderr, flush=True)
        for line in collected(op, options.cap):
            text = json.dumps(line, separators=(',', ':'))
            if len(text) > 1200 or text in seen:
                continue
            seen.add(text)
            files.setdefault(line['op'].split('.')[0], []).append(text)
    rng = random.Random('made up')
    for place, func, args, kwargs in made_up(rng, 0 if options.only else 40 * options.cap):
        line = record(place, func, args, kwargs)
        text = json.dumps(line, separators=(',', ':')) if line else ''
        if line and text not in seen:
            seen.add(text)
            files.setdefault('made-up', []).append(text)
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    for name, texts in files.items():
        (out / f'{name}.jsonl').write_text('\n'.join(texts) + '\n')
        print(name, len(texts), sum(map(len, texts)), file=sys.stderr)


if __name__ == '__main__':
    main()
