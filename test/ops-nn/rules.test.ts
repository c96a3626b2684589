// The rules of layers on symbolic shapes and on shapes of unknown rank: what they give, teach and refuse.

import assert from 'node:assert/strict'
import { bool, float, int, list, none, str, type Value } from '../../src/trace/values'
import { Bench, ints } from './environment'

type Arguments = (b: Bench) => readonly Value[]
interface Case {
  op: string
  args: Arguments
  kw?: Record<string, Value> | ((b: Bench) => Record<string, Value>)
  gives: string
  /** Shapes that the call taught, by their text before it. */
  teaches?: Record<string, string>
}

const t =
  (...shapes: string[]): Arguments =>
  (b) =>
    shapes.map((s) => b.tensor(s))

function run({ op, args, kw = {}, gives, teaches = {} }: Case): void {
  const bench = new Bench()
  const inputs = args(bench)
  const value = bench.call(op, inputs, typeof kw === 'function' ? kw(bench) : kw)
  assert.equal(bench.shapeOf(value), gives, bench.reports.map((r) => r.message).join('; '))
  for (const [before, after] of Object.entries(teaches)) {
    const input = inputs.find((v) => v.kind === 'tensor' && bench.facts.resolve(bench.shape(before)) && true)
    assert.ok(input)
    assert.equal(bench.shapeOf(bench.tensor(before)), after)
  }
}

function table(title: string, cases: readonly Case[]): void {
  describe(title, () => {
    for (const [i, c] of cases.entries()) it(`${c.op} ${i + 1}: ${c.gives}`, () => run(c))
  })
}

table('matmul', [
  { op: 'torch.matmul', args: t('B H S D', 'B H D S'), gives: '[B, H, S, S]' },
  { op: 'torch.matmul', args: t('*g K', 'K N'), gives: '[..., N]' },
  { op: 'torch.matmul', args: t('*g', 'K N'), gives: '[..., N]', teaches: { '*g': '[..., K]' } },
  { op: 'torch.matmul', args: t('*g M K', '*g K N'), gives: '[..., M, N]' },
  { op: 'torch.matmul', args: t('*g', '*h'), gives: '[...]' },
  { op: 'torch.matmul', args: t('*g', 'K'), gives: '[...]', teaches: { '*g': '[..., K]' } },
  { op: 'torch.matmul', args: t('K', '*g K N'), gives: '[..., N]' },
  { op: 'torch.matmul', args: t('*g', 'B K N'), gives: '[..., N]', teaches: { '*g': '[..., K]' } },
  { op: 'torch.matmul', args: t('M K', 'B K N'), gives: '[B, M, N]' },
  { op: 'torch.matmul', args: t('1 M K', 'B K N'), gives: '[B, M, N]' },
  { op: 'torch.matmul', args: t('B M K', 'C K N'), gives: '[B, M, N]?' },
  { op: 'torch.matmul', args: t('2 M K', '3 K N'), gives: 'matmul-mismatch' },
  { op: 'torch.matmul', args: t('', 'K N'), gives: 'matmul-mismatch' },
  { op: 'torch.matmul', args: t('2 8 16 64', '2 8 16 64'), gives: 'matmul-mismatch' },
  { op: 'torch.mm', args: t('*g', '*h'), gives: '[?, ?]' },
  { op: 'torch.mm', args: t('2 3 4', '4 5'), gives: 'matmul-mismatch' },
  { op: 'torch.bmm', args: t('*g', 'B K N'), gives: '[B, ?, N]', teaches: { '*g': '[B, ?, K]' } },
  { op: 'torch.addmm', args: t('N', 'M K', 'K N'), gives: '[M, N]' },
  { op: 'torch.addmm', args: t('5', 'M K', 'K 6'), gives: 'matmul-mismatch' },
  { op: 'torch.outer', args: t('*g', 'N'), gives: '[?, N]' },
  { op: 'torch.tensordot', args: t('A B C', 'B C D'), gives: '[A, D]' },
  { op: 'torch.kron', args: t('A B', 'C D'), gives: '[A*C, B*D]' },
])

table('linear', [
  { op: 'F.linear', args: t('B S 512', '1024 512', '1024'), gives: '[B, S, 1024]' },
  {
    op: 'F.linear',
    args: t('*g', '1024 512', '1024'),
    gives: '[..., 1024]',
    teaches: { '*g': '[..., 512]' },
  },
  {
    op: 'F.linear',
    args: t('B S D', '1024 512'),
    gives: '[B, S, 1024]',
    teaches: { 'B S D': '[B, S, 512]' },
  },
  { op: 'F.linear', args: t('B S 256', '1024 512'), gives: 'linear-mismatch' },
  { op: 'F.linear', args: t('', '1024 512'), gives: 'linear-mismatch' },
  { op: 'F.linear', args: t('B S 512', '1024 512', '512'), gives: 'linear-mismatch' },
  { op: 'F.embedding', args: (b) => [b.tensor('*g', 'int64'), b.tensor('V D')], gives: '[..., D]' },
  {
    op: 'F.embedding',
    args: (b) => [b.tensor('B S', 'float32'), b.tensor('V D')],
    gives: 'embedding-indices',
  },
  {
    op: 'F.layer_norm',
    args: (b) => [b.tensor('*g'), ints(512)],
    gives: '[..., 512]',
    teaches: { '*g': '[..., 512]' },
  },
  { op: 'F.layer_norm', args: (b) => [b.tensor('B S 256'), ints(512)], gives: 'norm-mismatch' },
  { op: 'F.group_norm', args: (b) => [b.tensor('B 30 H W'), int(8)], gives: 'norm-mismatch' },
  { op: 'F.group_norm', args: (b) => [b.tensor('B C H W'), int(8)], gives: '[B, C, H, W]' },
  { op: 'F.batch_norm', args: t('B C H W', '32', '32'), gives: '[B, 32, H, W]' },
])

table('attention', [
  { op: 'F.scaled_dot_product_attention', args: t('B H S D', 'B H T D', 'B H T E'), gives: '[B, H, S, E]' },
  { op: 'F.scaled_dot_product_attention', args: t('*q S D', '*q T D', '*q T E'), gives: '[..., S, E]' },
  {
    op: 'F.scaled_dot_product_attention',
    args: t('*q', 'B H T D', 'B H T D'),
    gives: '[B, H, ?, D]?',
    teaches: { '*q': '[..., ?, D]' },
  },
  {
    op: 'F.scaled_dot_product_attention',
    args: t('B H S 64', 'B H T 32', 'B H T 32'),
    gives: 'attention-mismatch',
  },
  {
    op: 'F.scaled_dot_product_attention',
    args: t('B 32 S D', 'B 8 T D', 'B 8 T D'),
    gives: 'attention-mismatch',
  },
  {
    op: 'F.scaled_dot_product_attention',
    args: t('B 32 S D', 'B 8 T D', 'B 8 T D'),
    kw: { enable_gqa: bool(true) },
    gives: '[B, 32, S, D]',
  },
  {
    op: 'F.scaled_dot_product_attention',
    args: t('B 32 S D', 'B 7 T D', 'B 7 T D'),
    kw: { enable_gqa: bool(true) },
    gives: 'attention-mismatch',
  },
  {
    op: 'F.scaled_dot_product_attention',
    args: t('B Hq S D', 'B Hk T D', 'B Hk T D'),
    kw: { enable_gqa: bool(true) },
    gives: '[B, Hq, S, D]',
  },
  {
    op: 'F.scaled_dot_product_attention',
    args: t('B H 5 D', 'B H 7 D', 'B H 7 D', '5 7'),
    gives: '[B, H, 5, D]',
  },
  {
    op: 'F.scaled_dot_product_attention',
    args: t('B H 5 D', 'B H 7 D', 'B H 7 D', '7 5'),
    gives: 'attention-mismatch',
  },
  {
    op: 'F.scaled_dot_product_attention',
    args: t('B H S D', 'B H T D', 'B H T D', 'B T'),
    gives: '[B, H, S, D]',
  },
  {
    op: 'F.scaled_dot_product_attention',
    args: t('2 8 5 64', '2 8 7 64', '2 8 7 64', '2 7'),
    gives: 'attention-mismatch',
  },
  {
    op: 'F.scaled_dot_product_attention',
    args: t('2 8 5 64', '2 8 7 64', '2 8 7 64', '3 2 8 5 7'),
    gives: 'attention-mismatch',
  },
])

const einsum =
  (equation: string, ...shapes: string[]): Arguments =>
  (b) => [str(equation), ...shapes.map((s) => b.tensor(s))]
table('einsum', [
  { op: 'torch.einsum', args: einsum('bhqd,bhkd->bhqk', 'B H Q D', 'B H K D'), gives: '[B, H, Q, K]' },
  {
    op: 'torch.einsum',
    args: einsum('b h i d, b h j d -> b h i j', 'B H Q 64', 'B H K 64'),
    gives: '[B, H, Q, K]',
  },
  {
    op: 'torch.einsum',
    args: einsum('bhqd,bhkd->bhqk', '*q', 'B H K D'),
    gives: '[B, H, ?, K]',
    teaches: { '*q': '[B, H, ?, D]' },
  },
  { op: 'torch.einsum', args: einsum('...ij,...jk->...ik', '*g I J', '*g J K'), gives: '[..., I, K]' },
  { op: 'torch.einsum', args: einsum('...ij,jk', 'A B I J', 'J K'), gives: '[A, B, I, K]' },
  { op: 'torch.einsum', args: einsum('ba', 'B A'), gives: '[A, B]' },
  { op: 'torch.einsum', args: einsum('ii', 'N N'), gives: '[]' },
  { op: 'torch.einsum', args: einsum('bhqd,bhkd->bhqk', 'B H Q 64', 'B H K 32'), gives: 'einsum-mismatch' },
  { op: 'torch.einsum', args: einsum('bqd,bkd->bqk', 'B H Q 64', 'B K 64'), gives: 'einsum-mismatch' },
  { op: 'torch.einsum', args: einsum('bqd,bkd->bqx', 'B Q 64', 'B K 64'), gives: 'einsum-syntax' },
  { op: 'torch.einsum', args: einsum('bqd->bqq', 'B Q 64'), gives: 'einsum-syntax' },
  { op: 'torch.einsum', args: einsum('bqd,bkd->bqk', 'B Q 64'), gives: 'einsum-syntax' },
  { op: 'torch.einsum', args: einsum('b.qd->b', 'B Q 64'), gives: 'einsum-syntax' },
  {
    op: 'torch.einsum',
    args: (b) => [b.tensor('A B'), ints(0, 1), b.tensor('B C'), ints(1, 2), ints(0, 2)],
    gives: '[A, C]',
  },
  {
    op: 'torch.einsum',
    args: (b) => [str('ij,jk->ik'), list([b.tensor('A B'), b.tensor('B C')])],
    gives: '[A, C]',
  },
  { op: 'torch.einsum', args: (b) => [str(null), b.tensor('A B')], gives: '[...]' },
])

table('images', [
  { op: 'F.conv2d', args: t('B 3 H W', '64 3 3 3', '64'), kw: { padding: int(1) }, gives: '[B, 64, H, W]' },
  {
    op: 'F.conv2d',
    args: t('B 3 224 224', '768 3 16 16'),
    kw: { stride: int(16) },
    gives: '[B, 768, 14, 14]',
  },
  { op: 'F.conv2d', args: t('B 4 H W', '64 3 3 3'), gives: 'conv-mismatch' },
  {
    op: 'F.conv2d',
    args: t('*g', '64 3 3 3'),
    kw: { padding: str('same') },
    gives: '[..., 64, ?, ?]',
    teaches: { '*g': '[..., 3, ?, ?]' },
  },
  { op: 'F.conv2d', args: t('B 3 2 2', '64 3 3 3'), gives: 'conv-mismatch' },
  { op: 'F.conv1d', args: t('B C L', '64 C 3'), kw: { padding: int(1) }, gives: '[B, 64, L]' },
  {
    op: 'F.conv_transpose2d',
    args: t('B 8 H W', '8 4 2 2'),
    kw: { stride: int(2) },
    gives: '[B, 4, 2*H, 2*W]',
  },
  { op: 'F.max_pool2d', args: (b) => [b.tensor('B C H W'), int(2)], gives: '[B, C, H//2, W//2]' },
  {
    op: 'F.adaptive_avg_pool2d',
    args: (b) => [b.tensor('B C H W'), { kind: 'tuple', items: [none, int(7)] }],
    gives: '[B, C, H, 7]',
  },
  {
    op: 'F.interpolate',
    args: (b) => [b.tensor('B C H W')],
    kw: { scale_factor: float(0.5) },
    gives: '[B, C, H//2, W//2]',
  },
  { op: 'F.pixel_shuffle', args: (b) => [b.tensor('B 12 H W'), int(2)], gives: '[B, 3, 2*H, 2*W]' },
  { op: 'F.pixel_shuffle', args: (b) => [b.tensor('B 13 H W'), int(2)], gives: 'image-mismatch' },
])

table('losses', [
  { op: 'F.cross_entropy', args: (b) => [b.tensor('N V'), b.tensor('N', 'int64')], gives: '[]' },
  {
    op: 'F.cross_entropy',
    args: (b) => [b.tensor('N V'), b.tensor('N', 'int64')],
    kw: { reduction: str('none') },
    gives: '[N]',
  },
  {
    op: 'F.cross_entropy',
    args: (b) => [b.tensor('2 16 1000'), b.tensor('2 16', 'int64')],
    gives: 'loss-mismatch',
  },
  {
    op: 'F.cross_entropy',
    args: (b) => [b.tensor('B T V'), b.tensor('B T', 'int64')],
    gives: 'loss-mismatch',
  },
  { op: 'F.mse_loss', args: t('N 1', 'N'), gives: 'loss-broadcast' },
  { op: 'F.binary_cross_entropy_with_logits', args: t('N 1', 'N'), gives: 'loss-mismatch' },
])

describe('messages', () => {
  const message = (op: string, args: Arguments): string => {
    const bench = new Bench()
    bench.call(op, args(bench))
    return bench.reports.map((r) => r.message).join('; ')
  }
  it('names both dims of a matmul and the transposition', () =>
    assert.equal(
      message('torch.matmul', t('2 8 16 64', '2 8 16 64')),
      'matmul: [2, 8, 16, 64] @ [2, 8, 16, 64] does not fit: dim -1 of the left is 64, dim -2 of the ' +
        'right is 16; transpose the right one with .transpose(-2, -1)',
    ))
  it('names the letter of an einsum', () =>
    assert.equal(
      message('torch.einsum', einsum('bid,bjd->bij', '2 5 64', '2 7 32')),
      "einsum 'bid,bjd->bij': «d» is 64 and 32 for operand 1 [2, 7, 32]; it must be the same size everywhere",
    ))
  it('tells of enable_gqa', () =>
    assert.match(
      message('F.scaled_dot_product_attention', t('2 32 5 64', '2 8 5 64', '2 8 5 64')),
      /pass enable_gqa=True/,
    ))
  it('tells where the classes of a cross entropy belong', () =>
    assert.match(
      message('F.cross_entropy', (b) => [b.tensor('2 16 1000'), b.tensor('2 16', 'int64')]),
      /flatten both/,
    ))
})
