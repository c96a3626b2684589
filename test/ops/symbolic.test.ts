// The operation rules on shapes with names and on shapes of unknown rank.

import { strict as assert } from 'node:assert'
import { add, constant, floorDivide, multiply, negate } from '../../src/dims/dim'
import type { Tensor } from '../../src/tensors/tensor'
import { ellipsis, int, none, sizeValue, type Value } from '../../src/trace/values'
import { slice, World } from './calls'

const two = constant(2)
const asTensor = (value: Value): Tensor => {
  assert.equal(value.kind, 'tensor')
  return value as Tensor
}

describe('views of symbolic shapes', () => {
  it('cuts heads out of a dim and puts them together again', () => {
    const w = new World()
    const x = w.tensor('B S D')
    const [h, d] = [w.dim('H'), w.dim('D')]
    const heads = asTensor(w.call('method.view', x, w.dim('B'), w.dim('S'), h, floorDivide(d, h)))
    assert.equal(w.show(heads), '[B, S, H, D//H]')
    const turned = asTensor(w.call('method.transpose', heads, 1, 2))
    assert.equal(w.show(turned), '[B, H, S, D//H]')
    w.call('method.view', turned, w.dim('B'), w.dim('S'), w.dim('D'))
    assert.equal(w.codes(), 'illegal-view')
    const dense = asTensor(w.call('method.contiguous', turned))
    assert.equal(w.shown('method.is_contiguous', turned), 'false')
    assert.equal(w.shown('method.view', dense, w.dim('B'), w.dim('H'), -1), '[B, H, S*D//H]')
    const back = asTensor(
      w.call('method.reshape', w.call('method.transpose', turned, 1, 2), w.dim('B'), w.dim('S'), -1),
    )
    assert.equal(w.show(back), '[B, S, D]')
    assert.equal(w.codes(), '')
  })

  it('keeps the front of an open shape that view was given', () => {
    const w = new World()
    const x = w.tensor('... 64')
    const size = sizeValue(x.shape)
    assert.equal(size.kind, 'size')
    const target: Value = {
      kind: 'size',
      shape: { lead: [], gap: x.shape.gap, trail: [constant(8), constant(-1)] },
    }
    assert.equal(w.shown('method.view', x, target), '[..., 8, 8]')
    const wrong: Value = {
      kind: 'size',
      shape: { lead: [], gap: x.shape.gap, trail: [constant(7), constant(8)] },
    }
    w.call('method.view', x, wrong)
    assert.equal(w.codes(), 'view-mismatch')
  })

  it('turns, adds and drops dims of open shapes', () => {
    const w = new World()
    assert.equal(w.shown('method.transpose', w.tensor('... S D'), -1, -2), '[..., D, S]')
    assert.equal(w.shown('method.transpose', w.tensor('B S H D ...'), 1, 2), '[B, H, S, D, ...]')
    assert.equal(w.shown('method.transpose', w.tensor('...'), -1, -2), '[..., ?, ?]')
    assert.equal(w.shown('method.unsqueeze', w.tensor('... D'), -1), '[..., D, 1]')
    assert.equal(w.shown('method.unsqueeze', w.tensor('... D'), -2), '[..., 1, D]')
    assert.equal(w.shown('method.unsqueeze', w.tensor('B ...'), 1), '[B, 1, ...]')
    assert.equal(w.shown('method.squeeze', w.tensor('... 1'), -1), '[...]')
    assert.equal(w.shown('method.squeeze', w.tensor('B 1 S'), 1), '[B, S]')
    assert.equal(w.shown('method.squeeze', w.tensor('B N S'), 1), '[B, ..., S]')
    assert.equal(w.shown('method.squeeze', w.tensor('4 5 6'), 1), '[4, 5, 6]')
    assert.equal(w.shown('method.flatten', w.tensor('... H D'), -2), '[..., D*H]')
    assert.equal(w.shown('method.flatten', w.tensor('B S H D'), 2), '[B, S, D*H]')
    assert.equal(w.shown('method.flatten', w.tensor('B ...'), 1), '[B, ?]')
    assert.equal(w.shown('method.unflatten', w.tensor('... D'), -1, [w.dim('H'), -1]), '[..., H, D//H]')
    assert.equal(w.shown('method.permute', w.tensor('B C ...'), 0, 2, 3, 1), '[B, ?, ?, C]')
    assert.equal(w.shown('attribute.mT', w.tensor('... S D')), '[..., D, S]')
    assert.equal(w.codes(), '')
  })

  it('expands dims of size 1 and refuses others', () => {
    const w = new World()
    assert.equal(w.shown('method.expand', w.tensor('B 1 S'), -1, 8, -1), '[B, 8, S]')
    assert.equal(w.shown('method.expand', w.tensor('S'), w.dim('B'), -1), '[B, S]')
    w.call('method.expand', w.tensor('4 5'), 4, 6)
    assert.equal(w.codes(), 'expand-mismatch')
    w.call('method.expand', w.tensor('S'), -1, w.dim('B'), 7)
    assert.equal(w.codes(), 'expand-mismatch')
    const wide = asTensor(w.call('method.expand', w.tensor('B 1'), -1, 8))
    w.call('method.add_', wide, 1)
    assert.equal(w.codes(), 'write-to-expanded')
    assert.equal(w.shown('method.repeat', w.tensor('B S'), 1, 2), '[B, 2*S]')
    assert.equal(
      w.shown('method.repeat_interleave', w.tensor('B K S D'), 4, { keywords: { dim: 1 } } as never),
      '[B, 4*K, S, D]',
    )
  })
})

/** The two sides of an extremum in the order of the alphabet, since theirs is that of the symbols' birth. */
const sorted = (text: string): string =>
  text.replace(/min\((.+?), (.+?)\)/g, (_, a: string, b: string) => `min(${[a, b].sort().join(', ')})`)

describe('indexing of symbolic shapes', () => {
  const at = (w: World, x: Tensor, ...index: (Value | number)[]): string => {
    const items = index.map((i) => (typeof i === 'number' ? int(i) : i))
    return sorted(
      w.shown('method.__getitem__', x, items.length === 1 ? (items[0] ?? none) : { kind: 'tuple', items }),
    )
  }

  it('takes slices', () => {
    const w = new World()
    const [d, t] = [w.dim('D'), w.dim('T')]
    const half = floorDivide(d, two)
    assert.equal(at(w, w.tensor('B N'), slice(null, null), slice(null, -1)), '[B, N - 1]')
    assert.equal(at(w, w.tensor('B N'), slice(null, null), slice(1, null)), '[B, N - 1]')
    assert.equal(at(w, w.tensor('... D'), ellipsis, slice(null, half)), '[..., D//2]')
    assert.equal(at(w, w.tensor('... D'), ellipsis, slice(half, null)), '[..., D - D//2]')
    assert.equal(at(w, w.tensor('B N'), slice(null, null), slice(null, t)), '[B, min(N, T)]')
    assert.equal(at(w, w.tensor('B N'), slice(null, null), slice(-1, null)), '[B, 1]')
    assert.equal(at(w, w.tensor('B N'), slice(null, null), slice(negate(t), null)), '[B, min(N, T)]')
    assert.equal(at(w, w.tensor('N D'), slice(0, null, 2)), '[(N + 1)//2, D]')
    assert.equal(at(w, w.tensor('10 D'), slice(2, 20, 3)), '[3, D]')
    assert.equal(at(w, w.tensor('... D'), ellipsis, slice(0, null, 2)), '[..., (D + 1)//2]')
    assert.equal(at(w, w.tensor('N D'), slice(t, add(t, constant(4)))), '[min(4, N - T), D]')
    assert.equal(w.codes(), '')
  })

  it('takes ints, None and Ellipsis', () => {
    const w = new World()
    assert.equal(at(w, w.tensor('B S D'), 0), '[S, D]')
    assert.equal(at(w, w.tensor('B S D'), slice(null, null), -1), '[B, D]')
    assert.equal(at(w, w.tensor('B S D'), ellipsis, none), '[B, S, D, 1]')
    assert.equal(at(w, w.tensor('B S'), slice(null, null), none, none, slice(null, null)), '[B, 1, 1, S]')
    assert.equal(at(w, w.tensor('...'), slice(null, null), none), '[?, 1, ...]')
    assert.equal(at(w, w.tensor('... S D'), ellipsis, 0, slice(null, null)), '[..., D]')
    assert.equal(w.codes(), '')
    at(w, w.tensor('3 D'), 3)
    assert.equal(w.codes(), 'index-out-of-range')
    at(w, w.tensor('B S'), 0, 0, 0)
    assert.equal(w.codes(), 'too-many-indices')
  })

  it('picks by tensors and masks', () => {
    const w = new World()
    const ids = w.tensor('B S', 'int64')
    assert.equal(at(w, w.tensor('V D'), ids), '[B, S, D]')
    assert.equal(at(w, w.tensor('V D'), slice(null, null), w.tensor('K', 'int64')), '[V, K]')
    assert.equal(
      at(w, w.tensor('A B C D'), w.tensor('K', 'int64'), slice(null, null), w.tensor('K', 'int64')),
      '[K, B, D]',
    )
    assert.equal(
      at(w, w.tensor('A B C D'), slice(null, null), w.tensor('K', 'int64'), w.tensor('K', 'int64')),
      '[A, K, D]',
    )
    assert.equal(at(w, w.tensor('B S D'), w.tensor('B S', 'bool')), '[?, D]')
    assert.equal(w.codes(), '')
    at(w, w.tensor('4 5'), w.tensor('3 5', 'bool'))
    assert.equal(w.codes(), 'mask-mismatch')
    at(w, w.tensor('4 5'), w.tensor('4 5'))
    assert.equal(w.codes(), 'index-type')
  })

  it('checks what is written', () => {
    const w = new World()
    w.call('method.__setitem__', w.tensor('4 5'), slice(1, 3), w.tensor('2 5'))
    w.call('method.__setitem__', w.tensor('4 S'), slice(1, 3), w.tensor('S'))
    assert.equal(w.codes(), '')
    w.call('method.__setitem__', w.tensor('4 5'), slice(1, 3), w.tensor('3 5'))
    assert.equal(w.codes(), 'index-assign-mismatch')
  })
})

describe('joining, splitting and reducing symbolic shapes', () => {
  it('adds up the sizes of what is joined', () => {
    const w = new World()
    const x = w.tensor('B P D')
    assert.equal(w.shown('torch.cat', [x, w.tensor('B S D')], 1), '[B, P + S, D]')
    assert.equal(w.shown('torch.cat', [w.tensor('... D'), w.tensor('... D')], -1), '[..., 2*D]')
    assert.equal(w.shown('torch.stack', [w.tensor('B D'), w.tensor('B D')], 1), '[B, 2, D]')
    assert.equal(w.shown('torch.stack', [w.tensor('... D'), w.tensor('... D')], -1), '[..., D, 2]')
    assert.equal(w.codes(), '')
    w.call('torch.cat', [w.tensor('4 5'), w.tensor('4 6')], 0)
    assert.equal(w.codes(), 'cat-mismatch')
    w.call('torch.stack', [w.tensor('4 5'), w.tensor('4 6')], 0)
    assert.equal(w.codes(), 'stack-mismatch')
  })

  it('cuts in parts', () => {
    const w = new World()
    assert.equal(w.shown('method.chunk', w.tensor('B S 96'), 3, -1), '([B, S, 32], [B, S, 32], [B, S, 32])')
    assert.equal(w.shown('method.chunk', w.tensor('... D'), 2, -1), '([..., D//2], [..., D//2])')
    const three = multiply(constant(3), w.dim('D'))
    const qkv = asTensor(w.call('torch.zeros', w.dim('B'), three))
    assert.equal(w.shown('method.split', qkv, w.dim('D'), -1), '([B, D], [B, D], [B, D])')
    assert.equal(w.shown('method.split', w.tensor('B 10'), [3, 7], 1), '([B, 3], [B, 7])')
    assert.equal(w.shown('method.unbind', w.tensor('3 B'), 0), '([B], [B], [B])')
    assert.equal(w.shown('method.unbind', w.tensor('N B'), 0), '[B] × N')
    assert.equal(w.codes(), '')
    w.call('method.split', w.tensor('B 10'), [3, 8], 1)
    assert.equal(w.codes(), 'split-mismatch')
  })

  it('reduces dims of open shapes', () => {
    const w = new World()
    assert.equal(w.shown('method.sum', w.tensor('... D'), -1), '[...]')
    assert.equal(
      w.shown('method.mean', w.tensor('... D'), { keywords: { dim: -1, keepdim: true } } as never),
      '[..., 1]',
    )
    assert.equal(w.shown('method.sum', w.tensor('B S D'), [0, 2]), '[S]')
    assert.equal(w.shown('method.max', w.tensor('B V'), -1), '([B], [B])')
    assert.equal(w.shown('method.argmax', w.tensor('... V'), -1), '[...]')
    assert.equal(w.shown('method.topk', w.tensor('B V'), 5), '([B, 5], [B, 5])')
    assert.equal(w.shown('F.softmax', w.tensor('... S'), { keywords: { dim: -1 } } as never), '[..., S]')
    assert.equal(w.codes(), '')
    w.call('method.sum', w.tensor('B S'), 2)
    assert.equal(w.codes(), 'dim-out-of-range')
  })

  it('broadcasts', () => {
    const w = new World()
    assert.equal(w.shown('method.add', w.tensor('B H S S'), w.tensor('S S')), '[B, H, S, S]')
    assert.equal(w.shown('method.mul', w.tensor('... D'), 2), '[..., D]')
    assert.equal(w.shown('torch.where', w.tensor('S 1', 'bool'), w.tensor('B S D'), 0), '[B, S, D]')
    assert.equal(w.codes(), '')
    w.call('method.add', w.tensor('B 4'), w.tensor('B 5'))
    assert.equal(w.codes(), 'broadcast-mismatch')
  })
})

describe('new tensors and their values', () => {
  it('counts the numbers of a range', () => {
    const w = new World()
    assert.equal(w.shown('torch.arange', w.dim('S')), '[S]')
    assert.equal(w.shown('torch.arange', w.dim('P'), add(w.dim('P'), w.dim('S'))), '[S]')
    assert.equal(w.shown('torch.arange', 0, w.dim('D'), 2), '[(D + 1)//2]')
    assert.equal(w.shown('torch.arange', 0, multiply(two, w.dim('K')), 2), '[K]')
    assert.equal(w.shown('torch.arange', 0, { float: 1 }, { float: 0.25 }), '[4]')
    assert.equal(w.shown('torch.full', [w.dim('S'), w.dim('S')], { float: 0 }), '[S, S]')
    assert.equal(w.shown('torch.tril', w.call('torch.ones', w.dim('S'), w.dim('S'))), '[S, S]')
  })

  it('keeps small whole numbers', () => {
    const w = new World()
    const table = asTensor(
      w.call('torch.tensor', [
        [0, 1],
        [2, 3],
      ]),
    )
    assert.equal(w.shown('method.tolist', table), '((0, 1), (2, 3))')
    assert.equal(w.shown('method.tolist', w.call('method.t', table)), '((0, 2), (1, 3))')
    assert.equal(w.shown('method.tolist', w.call('method.sum', table, 0)), '(2, 4)')
    assert.equal(w.shown('method.item', w.call('method.max', w.call('method.add', table, 1))), '4')
    assert.equal(
      w.shown('method.tolist', w.call('method.__getitem__', w.call('torch.arange', 6), slice(1, null, 2))),
      '(1, 3, 5)',
    )
    assert.equal(
      w.shown('method.tolist', w.call('method.cumsum', w.call('torch.arange', 4), 0)),
      '(0, 1, 3, 6)',
    )
    assert.equal(
      w.shown('method.tolist', w.call('method.cumprod', w.call('torch.arange', 4), 0)),
      '(?, ?, ?, ?)',
    )
    const times = w.call('torch.tensor', [1, 2, 0])
    assert.equal(w.shown('method.repeat_interleave', w.tensor('3 D'), times, 0), '[3, D]')
    assert.equal(w.shown('method.item', w.call('method.__getitem__', table, 1)).length > 0, true)
    w.codes()
  })
})
