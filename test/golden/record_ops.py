"""Records what PyTorch does with the samples of its own OpInfo and module databases, as lines of Python.

    python test/golden/record_ops.py [--out test/golden/ops] [--cap 5] [--only name]

Each line of the files is JSON: `op`, where the operation is found (`torch.sum`, `method.view`, `nn.Linear`); `call`, the
line of Python over the tensors a0, a1, …; `in`, these tensors ([shape, dtype, strides or null if dense, values of small
integer ones]); and what came out: `out`, or `error`, with `shape: 1` where it was refused for shapes, dims or indices.
`variants.jsonl` has the same calls with other layouts and with a wrong shape or number in one place, `made-up.jsonl`
the commonest view operations. Written once per PyTorch release and committed.
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
from torch.overrides import TorchFunctionMode  # noqa: E402
from torch.testing._internal.common_methods_invocations import op_db  # noqa: E402
from torch.testing._internal.common_modules import module_db  # noqa: E402

from call_text import Skip, Writer, outcome, place_of  # noqa: E402
from call_variants import flat_tensors, into_out, variants  # noqa: E402
from made_up_calls import made_up  # noqa: E402

SHAPE_WORDS = re.compile(
    r'size|shape|dim|broadcast|index|rank|element|must match|length|expand|view|stride|out of range|negative|'
    r'mat1|mat2|square|batch|channel|split|empty|number of|same|1-D|2-D|3-D|D tensor|D input|match', re.I)
OTHER_WORDS = re.compile(
    r'dtype|scalar type|not implemented|autograd|Expected out|requires_grad|argument .* must be|got an unexpected|'
    r'must be Tensor|invalid combination|keyword|not supported|data type|for \'|complex|device|can\'t be cast|'
    r'does not have a deterministic|learning rate|probab|generator|overlap|unsupported operation|correction|'
    r'interpolation|Boolean|integral|floating|integer tensor|tolerance|reduction|mode', re.I)
NEUTRAL = {'device', 'generator', 'layout', 'requires_grad'}
# Operations of CUDA, of sparse and quantised tensors, of compilers; and those that crash on wrong shapes.
LEFT_OUT = re.compile(r'_backward|flash|efficient|_scaled_mm|jiterator|cudnn|sparse')
UNSAFE = re.compile(r'native_|_batch_norm|segment_reduce|masked\.|ctc|_unsafe')
KEPT_COMPLEX = {'real', 'imag', 'view_as_real', 'abs', 'angle', 'conj', 'add', 'mul', 'fft.irfft', 'H', 'mH'}
DTYPES = (torch.float32, torch.int64, torch.bool, torch.complex64, torch.float64, torch.bfloat16, torch.int32, torch.uint8)


def run(text, tensors):
    """Runs a line of Python as it stands; an assignment gives None."""
    world = {'torch': torch, 'nn': torch.nn, 'F': torch.nn.functional, **{f'a{i}': t for i, t in enumerate(tensors)}}
    torch.manual_seed(0)
    return exec(text, world) if '] = ' in text else eval(text, world)


def attempt(place, text, writer):
    """The line with its outcome, or None if that cannot be written down."""
    line = {'op': place, 'call': text, 'in': writer.tensors}
    try:
        value = run(text, writer.kept)
    except (NotImplementedError, NameError):
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


def record(place, args, kwargs):
    """One call and its outcome as a JSON object, or None if it cannot be written down."""
    writer = Writer()
    try:
        text = writer.call(place, args, {k: v for k, v in kwargs.items() if k not in NEUTRAL})
    except Skip:
        return None
    return attempt(place, text, writer)


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
    """The same arguments in memory of their own, with the same strides."""
    if isinstance(v, torch.Tensor):
        if v.layout != torch.strided or v.is_quantized:
            return v
        storage = v.detach().resolve_conj().resolve_neg().untyped_storage().clone()
        return torch.empty(0, dtype=v.dtype).set_(storage, v.storage_offset(), v.shape, v.stride())
    if isinstance(v, dict):
        return {k: copied(x) for k, x in v.items()}
    return type(v)(copied(x) for x in v) if type(v) in (tuple, list) else v


def public(op):
    """The place of an operation of Python code, whose inner calls would be seen in its stead; or None."""
    where, _, name = op.name.rpartition('.')
    owner = {'masked': torch.masked, 'signal.windows': torch.signal.windows}.get(where)
    return f'{where}.{name}' if owner and hasattr(owner, name) else None


def calls_of(run, sample, place=None):
    """The calls that one sample makes."""
    args = [sample.input, *sample.args]
    if place:
        return [(place, run, copied(tuple(args)), copied(dict(sample.kwargs)))]
    tap = Tap()
    args, kwargs = copied(args), copied(dict(sample.kwargs))
    try:
        with tap:
            run(*args, **kwargs)
    except Exception:  # noqa: BLE001
        pass
    return tap.calls[:3]


def runs_of(op):
    runs = [op.op]
    for run in (op.method_variant, op.inplace_variant):
        if run is not None and run not in runs:
            runs.append(run)
    return runs


def samples_of(op):
    for dtype in DTYPES:
        if dtype not in op.dtypes or (dtype == torch.complex64 and op.name not in KEPT_COMPLEX and torch.float32 in op.dtypes):
            continue
        torch.manual_seed(0)
        random.seed(0)
        try:
            samples = list(op.sample_inputs('cpu', dtype, requires_grad=False))
        except Exception:  # noqa: BLE001
            continue
        yield dtype, [s for s in samples if sum(t.numel() for t in flat_tensors((s.input, s.args, s.kwargs))) < 200000]


def spread(items, count, rng):
    """Up to `count` items, from all over the list."""
    items = list(items)
    if len(items) <= count:
        return items
    picked = sorted(rng.sample(range(len(items)), count))
    return [items[i] for i in picked]


def in_child(collect, *args):
    """Lines collected in a child process: wrong shapes crash a few of PyTorch's kernels, which then get none."""
    for mutates in (True, False):
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            with os.fdopen(writer, 'w') as pipe:
                json.dump(collect(*args, mutates), pipe)
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as pipe:
            text = pipe.read()
        if os.waitpid(child, 0)[1] == 0:
            return json.loads(text)
    return []


def collect(op, cap, may_mutate):
    """(file, line) of the samples of an operation, of variants of them, and of its error inputs."""
    rng = random.Random(op.name + op.variant_test_name)
    lines = []
    may_mutate = may_mutate and not UNSAFE.search(op.name)
    for dtype, samples in samples_of(op):
        count = cap if dtype == torch.float32 else max(cap // 3, 1) if DTYPES.index(dtype) < 4 else 1
        for number, run in enumerate(runs_of(op)):
            if number and DTYPES.index(dtype) >= 4:
                continue
            for sample in spread(samples, count if number == 0 else max(count // 3, 1), rng):
                calls = calls_of(run, sample, public(op) if number == 0 else None)
                # The first call again, once what it changes in place has been recorded.
                again = [(p, f, copied(a), copied(k)) for p, f, a, k in calls[:1]]
                made = [line for place, _, a, k in calls if (line := record(place, a, k))]
                lines += [(line['op'].split('.')[0], line) for line in made]
                if dtype != torch.float32 or not made or not may_mutate or run is op.inplace_variant:
                    continue
                for place, func, args, kwargs in again:
                    lines += [('variants', line) for line in varied(rng, place, func, args, kwargs)]
    if op.error_inputs_func is not None:
        try:
            wrong = list(op.error_inputs('cpu'))
        except Exception:  # noqa: BLE001
            wrong = []
        for error in spread(wrong, cap * 4, rng):
            for call in calls_of(op.op, error.sample_input, public(op))[:1]:
                line = record(call[0], *call[2:])
                if line and 'error' in line:
                    lines.append((line['op'].split('.')[0], line))
    return lines


def varied(rng, place, func, args, kwargs):
    made = [(kind, record(place, copied(a), copied(k))) for kind, a, k in variants(rng, args, kwargs)]
    layouts = [line for kind, line in made if line and kind == 'layout' and 'out' in line]
    shapes = [line for kind, line in made if line and kind == 'shape']
    written = [line for a, k in into_out(rng, func, copied(args), copied(kwargs)) if (line := record(place, a, k))]
    return spread(layouts, 1, rng) + spread(shapes, 1, rng) + [line for line in written if 'out' in line]


def collect_layers(info, cap, _):
    """(file, line) of the samples and error inputs of a layer."""
    rng = random.Random(info.module_cls.__name__)
    lines = []
    for training in (True, False):
        samples = info.module_inputs_func(info, device='cpu', dtype=torch.float32, requires_grad=False, training=training)
        for sample in spread(samples, cap * 4, rng):
            lines.append(layer_line(info.module_cls, sample.constructor_input, sample.forward_input))
        if info.module_error_inputs_func and training:
            wrong = info.module_error_inputs_func(info, device='cpu', dtype=torch.float32, requires_grad=False, training=True)
            for error in spread(wrong, cap * 8, rng):
                sample = error.module_error_input
                lines.append(layer_line(info.module_cls, sample.constructor_input, sample.forward_input))
    return [('nn', line) for line in lines if line]


def layer_line(layer, made, given):
    """A layer made and called in one line."""
    writer = Writer()
    name = layer.__name__
    kwargs = [{k: v for k, v in part.kwargs.items() if k not in ('device', 'dtype')} for part in (made, given) if part]
    try:
        text = f'nn.{name}({writer.arguments(made.args, kwargs[0])})'
        # An input of no arguments is a test of the constructor alone.
        if given and (given.args or kwargs[1]):
            text += f'({writer.arguments(given.args, kwargs[1])})'
    except Skip:
        return None
    return attempt(f'nn.{name}', text, writer)


def remember_arguments():
    """Layers note what they were made with, since layers are arguments of layers."""
    init = torch.nn.TransformerEncoderLayer.__init__

    def noting(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.made_with = args, {k: v for k, v in kwargs.items() if k not in ('device', 'dtype')}

    torch.nn.TransformerEncoderLayer.__init__ = noting


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--out', default=str(Path(__file__).parent / 'ops'))
    parser.add_argument('--cap', type=int, default=5)
    parser.add_argument('--only')
    options = parser.parse_args()
    files, seen = {}, set()

    def keep(name, line):
        text = json.dumps(line, separators=(',', ':'))
        key = json.dumps([line['call'], line['in']])
        if len(text) < 1200 and key not in seen:
            seen.add(key)
            files.setdefault(name, []).append(text)

    for op in op_db:
        if options.only in (None, op.name) and not LEFT_OUT.search(op.name):
            print(op.name, file=sys.stderr, flush=True)
            for name, line in in_child(collect, op, options.cap):
                keep(name, line)
    remember_arguments()
    for info in module_db:
        if options.only in (None, info.module_cls.__name__) and '.ao.' not in info.module_cls.__module__:
            print(info.module_cls.__name__, file=sys.stderr, flush=True)
            for name, line in in_child(collect_layers, info, options.cap):
                keep(name, line)
    rng = random.Random('made up')
    for place, func, args, kwargs in made_up(rng, 0 if options.only else 40 * options.cap):
        line = record(place, args, kwargs)
        if line:
            keep('made-up', line)
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    for name, texts in files.items():
        (out / f'{name}.jsonl').write_text('\n'.join(texts) + '\n')
        print(name, len(texts), sum(map(len, texts)), file=sys.stderr)


if __name__ == '__main__':
    main()
