"""Records what einops does on torch tensors: shapes, dtypes and strides of results, and what it refuses.

    python test/golden/record_einops.py [--out test/golden/einops]

The lines have the form of test/golden/ops (see record_ops.py): one call each, with its tensors and outcome.
"""

import argparse
import json
import pathlib
import random
import sys
import warnings

import einops
import torch

warnings.simplefilter('ignore')
sys.path.insert(0, str(pathlib.Path(__file__).parent))
from call_text import Skip, Writer, outcome  # noqa: E402


def t(*shape, dtype=torch.float32):
    return torch.zeros(shape, dtype=dtype)


def moved(*shape):
    """A tensor whose first two dims lie in memory the other way round."""
    return torch.zeros(shape[1], shape[0], *shape[2:]).transpose(0, 1)


x4, x3, x2 = t(2, 6, 4, 8), t(2, 6, 24), t(6, 4)
calls = []


def add(name, *args, **kwargs):
    calls.append((name, args, kwargs))


for x in (x4, moved(2, 6, 4, 8), x4.permute(0, 2, 3, 1), x3, x2, t(), t(1, 6, 1, 8), t(2, 0, 3, 4), t(2, 6, 4, 8, dtype=torch.int32)):
    for pattern, axes in [
        ('b c h w -> b h w c', {}), ('b c h w -> b c (h w)', {}), ('b c h w -> (b c h w)', {}), ('b (c d) h w -> b c d h w', {'c': 3}),
        ('b (c d) h w -> b d (c h) w', {'d': 2}), ('b c (h p) (w q) -> b (h w) (c p q)', {'p': 2, 'q': 2}), ('b c h w -> b 1 c h w', {}), ('b c h w -> b c h w ()', {}),
        ('b ... -> b (...)', {}), ('... c -> c ...', {}), ('b ... w -> b w ...', {}), ('... (h d) -> ... h d', {'h': 4}), ('b n (h d) -> b h n d', {'h': 3}), ('b n (h d) -> b h n d', {'h': 5}),
        ('b n (three h d) -> three b h n d', {'three': 3, 'h': 2}), ('a b -> b a', {}), ('a b -> (a b)', {}), ('a b -> (b a)', {}), ('... -> ...', {}), ('... -> (...)', {}), ('1 b 1 c -> b c', {}),
        ('b c h w -> b c h w', {'b': 2}), ('b c h w -> b c h w', {'b': 3}), ('b (c d) h w -> b c d h w', {'c': 3, 'd': 2}), ('b (c d) h w -> b c d h w', {'c': 3, 'd': 3}), ('b c h w -> (b c) (h w)', {}),
        ('b n (h d) -> (b h) n d', {'d': 8}), ('(b c) h w d -> b c h w d', {'b': 1}), ('a b c d -> d c b a', {}), ('a b c d -> a (b d) c', {}), ('a b ... -> ... (b a)', {}),
    ]:
        add('rearrange', x, pattern, **axes)
bad = ['b c h w', 'b c h w -> b c h', 'b c h w -> b c h w d', 'b c h w -> b c (h w', 'b c h w -> b c h w)', 'b c h w -> b ((c h) w)', 'b b h w -> b h w', 'b c h w -> b c h w -> b', 'b (c d) h w -> b c d h w',
       'b c h w -> b c ... h w', '(b ...) w -> b ... w', 'b c h. w -> b c h w', 'b .. w -> b w', 'b ... c ... -> b c', 'b _c h w -> b _c h w', 'b c_ h w -> b c_ h w', 'b 2 h w -> b h w', 'b c h w -> b c h w 3', 'b-c h w -> b c',
       'b,c h w -> b c', 'b c h 1 -> b c h', '', '->', ' -> ', 'b c h 2w -> b c h 2w', 'b...c -> b c', 'b c h w->b c h w', 'b  c h   w   ->  b c (h    w)', 'b\tc h w -> b c h w', 'B C H W -> B (C H) W', 'b c1 c_2 w -> b w c1 c_2',
       'b c h _ -> b c h', '() b c -> b c', 'b c h w -> b c () h w', 'b (c) h w -> b c h w', 'b c (h) w -> b c h (w)', '(()) b -> b', 'b (1 c) h w -> b c h w', 'b c h w -> (1 b) c h w', 'αβ c h w -> c h w αβ']
for pattern in bad:
    add('rearrange', x4, pattern)
add('rearrange', x4, 'b c h w -> b c h w', q=2)
add('rearrange', x4, 'b c h w -> b c h w', _h=2)
add('rearrange', [x4, x4, x4], 'n b c h w -> b n c h w')
add('rearrange', [x2, x2], 'n a b -> (n a) b')
add('rearrange', [x2, t(6, 5)], 'n a b -> (n a) b')
add('rearrange', [x2, x2], 'a b -> b a')
add('rearrange', [], 'a b -> b a')
add('rearrange', [moved(3, 4), moved(3, 4)], 'n a b -> n b a')

for x in (x4, moved(2, 6, 4, 8), x3, x2, t(2, 6, 4, 8, dtype=torch.int32), t(2, 6, 4, 8, dtype=torch.bool), t(6, 4, dtype=torch.uint8), t(6, 4, dtype=torch.float16)):
    for pattern, axes in [
        ('b c h w -> b c', {}), ('b c h w -> b c 1 1', {}), ('b c h w -> c', {}), ('b c h w -> ', {}), ('b c (h p) (w q) -> b c h w', {'p': 2, 'q': 2}), ('b c (h 2) (w 2) -> b c h w', {}), ('b c (h 3) w -> b c h w', {}),
        ('b 6 h w -> b h w', {}), ('b 5 h w -> b h w', {}), ('... w -> ...', {}), ('b ... -> b', {}), ('b n d -> b d', {}), ('a b -> b', {}), ('a b -> a b', {}), ('a b -> (b a)', {}), ('a b -> a b c', {}), ('a b -> a', {'b': 4}), ('a b -> a', {'b': 5}),
    ]:
        for reduction in ('mean', 'sum', 'max') if x.dtype == torch.float32 else ('mean', 'sum', 'prod', 'min', 'any', 'all'):
            add('reduce', x, pattern, reduction, **axes)
add('reduce', x4, 'b c h w -> b c', 'median')

for x in (x4, moved(2, 6, 4, 8), x3, x2, moved(6, 4), t()):
    for pattern, axes in [
        ('a b -> a b c', {'c': 3}), ('a b -> (a c) b', {'c': 3}), ('a b -> c a b', {'c': 3}), ('a b -> a b 3', {}), ('a b -> a 2 b 2', {}), ('a b -> (2 a) (2 b)', {}), ('a b -> a (b c)', {}), ('a b -> b', {}), ('a b -> a b', {}),
        ('a b -> b a 1', {}), ('... -> ... k', {'k': 2}), ('... d -> ... (r d)', {'r': 2}), ('b n d -> (b h) n d', {'h': 4}), ('b n d -> b h n d', {'h': 1}), ('b c h w -> b c (h 2) (w 2)', {}), ('b c h w -> b c h w k', {'k': 0}),
        (' -> k', {'k': 3}), ('b c h w -> (r b) c h w', {'r': 2}), ('a 2 -> a', {}), ('(a c) b -> a c b k', {'c': 2, 'k': 3}), ('(a c) b -> a c b k', {'c': 4, 'k': 3}), ('a b -> c b a c2', {'c': 2, 'c2': 1}), ('b c h w -> b (k c) h w', {'k': 3}),
    ]:
        add('repeat', x, pattern, **axes)

for pattern, *tensors in [
    ('b i d, b j d -> b i j', t(2, 3, 4), t(2, 5, 4)), ('batch head query dim, batch head key dim -> batch head query key', t(2, 3, 5, 4), t(2, 3, 7, 4)), ('b h i j, b h j d -> b h i d', t(2, 3, 5, 7), t(2, 3, 7, 4)),
    ('b h i j, b j h d -> b i h d', t(2, 3, 5, 7), t(2, 7, 3, 4)), ('... i, ... i -> ...', t(2, 3, 4), t(2, 3, 4)), ('... i, ... j -> ... i j', t(2, 3), t(2, 4)), ('i i -> i', t(3, 3)), ('i j -> j i', t(3, 4)), ('i j ->', t(3, 4)),
    ('i, j -> i j', t(3), t(4)), ('i, i -> i', t(3), t(4)), ('b i d, b j d -> b i j', t(2, 3, 4), t(2, 5, 6)), ('b i d, b j d -> b i j', t(2, 3, 4)), ('b i d, b j d', t(2, 3, 4), t(2, 5, 4)), ('(b i) d -> b', t(2, 3)), ('i 1 -> i', t(3, 1)),
    ('i j -> i k', t(3, 4)), ('i j -> i', t(3, 4, 5)), ('a b, b c, c d -> a d', t(2, 3), t(3, 4), t(4, 5)), ('_x y -> y', t(2, 3)), ('i j -> i i', t(3, 4)), ('x_1 y -> y x_1', t(3, 4)), ('i i -> i', t(3, 4)),
]:
    add('einsum', *tensors, pattern)

for pattern, tensors in [
    ('b *', [t(2, 3), t(2, 4, 5), t(2)]), ('* d', [t(3, 8), t(2, 4, 8)]), ('b * d', [t(2, 3, 8), t(2, 8), t(2, 4, 5, 8)]), ('*', [t(3), t(), t(2, 2)]), ('b * d', [t(2, 3, 8), t(3, 3, 8)]), ('b * d', [t(2, 3, 8), t(4)]),
    ('b d', [t(2, 3)]), ('b * *', [t(2, 3)]), ('b b *', [t(2, 3)]), ('b _ *', [t(2, 3, 4)]), ('b * 1', [t(2, 3, 1)]), ('i j * k', [t(2, 3, 7, 5), t(2, 3, 5), t(2, 3, 7, 9, 5)]), ('b *', [moved(2, 3)]), ('* c', [t(2, 3), t(2, 4)]),
]:
    add('pack', tensors, pattern)
for pattern, tensor, shapes in [
    ('b *', t(2, 24), [(3,), (4, 5), ()]), ('b * d', t(2, 12, 8), [(3,), (9,)]), ('b *', t(2, 24), [(3,), (-1,)]), ('b *', t(2, 24), [(-1, 3), (6,)]), ('b *', t(2, 24), [(3,), (4, 5)]), ('b *', t(2, 24), [(-1,), (-1,)]), ('*', t(10), [(2, 3), (4,)]),
    ('b * d', t(2, 12), [(12,)]), ('b *', t(2, 24), [(-1, 5), (3,)]), ('* d', t(12, 8), [(3, 4)]), ('b * d', moved(2, 12, 8), [(3,), (3, 3)]), ('b * d', t(2, 12, 8), [[3], [9]]), ('b d', t(2, 12), [(12,)]), ('b *', t(2, 24), [(30,), (-6,)]),
]:
    add('unpack', tensor, shapes, pattern)
for pattern, tensor in [
    ('b c h w', x4), ('b _ h w', x4), ('b ... w', x4), ('b c', x4), ('b (c h) w', x4), ('b 6 h w', x4), ('b 5 h w', x4), ('1 a', t(1, 4)), ('1 a', t(2, 4)), ('_ _ _ w', x4), ('b b h w', x4), ('...', x4), ('a b ... c d e', x4), ('() a', t(1, 4)),
]:
    add('parse_shape', tensor, pattern)

# Random patterns that are right: a split, an order and a regrouping of the axes.
chance = random.Random(7)
for n in range(120):
    names = chance.sample('abcdefgh', chance.randint(1, 5))
    sizes = {a: chance.choice([1, 2, 3, 4]) for a in names}
    def grouped(axes):
        groups, rest = [], list(axes)
        while rest:
            groups.append([rest.pop(0) for _ in range(min(len(rest), chance.choice([1, 1, 1, 2, 3])))])
        return groups
    def text(groups):
        return ' '.join(g[0] if len(g) == 1 else f'({" ".join(g)})' for g in groups)
    left = grouped(names)
    order = chance.sample(names, len(names))
    shape = [torch.Size([sizes[a] for a in g]).numel() for g in left]
    given = {a: sizes[a] for g in left for a in g[1:]}
    tensor = t(*shape) if chance.random() < 0.5 or len(shape) < 2 else moved(*shape)
    kind = chance.choice(['rearrange', 'rearrange', 'repeat', 'reduce'])
    if kind == 'repeat':
        order.insert(chance.randint(0, len(order)), 'r')
        given['r'] = chance.choice([1, 2, 5])
    if kind == 'reduce':
        order = order[: chance.randint(0, len(order))]
    pattern = f'{text(left)} -> {text(grouped(order))}'
    if chance.random() < 0.1 and given:
        given[chance.choice(list(given))] = 7
    add(kind, tensor, pattern, *(['sum'] if kind == 'reduce' else []), **given)


def record(name, args, kwargs):
    writer = Writer()
    line = {'op': f'einops.{name}', 'call': f'einops.{name}({writer.arguments(args, kwargs)})', 'in': writer.tensors}
    try:
        line['out'] = outcome(getattr(einops, name)(*args, **kwargs))
    except Skip:
        return None
    except Exception as error:  # noqa: BLE001
        line['error'] = [type(error).__name__, str(error).strip().split('\n')[-1][:160]]
        line['shape'] = 1
    return line


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--out', default='test/golden/einops')
    folder = pathlib.Path(parser.parse_args().out)
    folder.mkdir(parents=True, exist_ok=True)
    lines = [line for line in (record(*call) for call in calls) if line]
    seen = {json.dumps(line, separators=(',', ':')): line for line in lines}
    (folder / 'einops.jsonl').write_text(''.join(f'{text}\n' for text in seen))
    print(len(seen), 'calls,', sum('error' in line for line in seen.values()), 'refused')


if __name__ == '__main__':
    main()
