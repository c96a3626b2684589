"""Records what torch.nn's layers give: one program a call, with the shapes, dtypes and strides of its result.

    python test/golden/record_layers.py [--out test/golden/layers.jsonl]

The cases are those on which the prelude is compared with torch.nn (test/ops-nn/check_prelude.py).
"""

import argparse
import json
import pathlib
import random
import sys
import warnings

import torch
from torch import nn

warnings.simplefilter('ignore')
here = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(here), str(here.parent / 'ops-nn')]
from prelude_cases import cases  # noqa: E402
from call_text import Skip, outcome  # noqa: E402


def source(value):
    """A value as Python text; tensors by their shape, dtype and order in memory."""
    if isinstance(value, torch.Tensor):
        order = sorted(range(value.dim()), key=lambda d: (-value.stride(d), d))
        dtype = '' if value.dtype == torch.float32 else f', dtype={value.dtype}'
        if value.is_contiguous():
            if value.dim() <= 1 and not value.is_floating_point() and value.numel() <= 4:
                return f'torch.tensor({value.tolist()}{dtype})'
            return f'torch.zeros({tuple(value.shape)}{dtype})'
        shape = tuple(value.shape[d] for d in order)
        return f'torch.zeros({shape}{dtype}).permute({", ".join(str(order.index(d)) for d in range(value.dim()))})'
    if isinstance(value, (tuple, list)):
        inside = ', '.join(source(v) for v in value)
        return f'[{inside}]' if isinstance(value, list) else f'({inside}{"," if len(value) == 1 else ""})'
    return repr(value)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--out', default='test/golden/layers.jsonl')
    lines, choose = {}, random.Random(3)
    for case in cases:
        arguments = ', '.join([*map(source, case.args), *(f'{k}={source(v)}' for k, v in case.kwargs.items())])
        made = f'm = nn.{case.name}({arguments})\n'
        try:
            layer = getattr(nn, case.name)(*case.args, **case.kwargs)
        except Exception as error:  # noqa: BLE001
            lines[made] = {'program': made, 'error': str(error).split('\n')[0][:120]}
            continue
        refused = []
        for inputs in case.calls:
            program = f'{made}y = m({", ".join(map(source, inputs))})\n'
            try:
                lines[program] = {'program': program, 'out': outcome(layer(*inputs))}
            except Skip:
                pass
            except Exception as error:  # noqa: BLE001
                refused.append({'program': program, 'error': str(error).split('\n')[0][:120]})
        # Layers refuse most of the ranks that the cases try; a few of each are enough.
        for line in refused if len(refused) < 4 else choose.sample(refused, 3):
            lines[line['program']] = line
    pathlib.Path(parser.parse_args().out).write_text(''.join(json.dumps(line) + '\n' for line in lines.values()))
    print(len(lines), 'programs,', sum('error' in line for line in lines.values()), 'refused')


if __name__ == '__main__':
    main()
