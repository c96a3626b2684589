// Configs in all their spellings: old and new keys, nesting, defaults by model type, and what is odd about them.

import assert from 'node:assert/strict'
import { type ConfigReading, readConfig } from '../../src/encodings'

function read(config: object): ConfigReading {
  const result = readConfig(JSON.stringify(config))
  assert.ok(result.ok)
  return result.reading
}

/** `layer type: kind, base, rotated dims` of each entry. */
const shown = (config: object): string[] =>
  read(config).layers.map(({ layerType, kind, encoding }) =>
    [
      `${layerType ?? 'all'}: ${kind.id}`,
      encoding.values.rope_theta,
      2 * (encoding.rotation?.theta.length ?? 0),
    ].join(', '),
  )

/** The notes, but for that on the layout, since these configs name no model. */
const notes = (config: object): string[] =>
  read(config)
    .notes.filter(({ key }) => key !== 'model_type')
    .map(({ severity, key, message }) => `${severity} at ${key}: ${message}`)

const sizes = { hidden_size: 512, num_attention_heads: 8, max_position_embeddings: 4096 }

describe('configs', () => {
  it('have their scaling under the old key or the new one', () => {
    const scaling = { factor: 2, rope_type: 'linear' }
    const old = { ...sizes, rope_theta: 500, rope_scaling: scaling }
    assert.deepEqual(shown(old), ['all: rope-linear, 500, 64'])
    assert.deepEqual(shown({ ...sizes, rope_parameters: { ...scaling, rope_theta: 500 } }), shown(old))
    assert.deepEqual(
      shown({ ...sizes, rope_theta: 500, rope_scaling: { factor: 2, type: 'linear' } }),
      shown(old),
    )
  })

  it('may nest it by layer type; alike layers are one', () => {
    const nested = (base: number) => ({
      ...sizes,
      layer_types: ['sliding_attention', 'full_attention'],
      rope_parameters: {
        sliding_attention: { rope_type: 'default', rope_theta: 10000 },
        full_attention: { rope_type: 'default', rope_theta: base },
      },
    })
    assert.deepEqual(shown(nested(1e6)), [
      'sliding_attention: rope, 10000, 64',
      'full_attention: rope, 1000000, 64',
    ])
    assert.deepEqual(shown(nested(10000)), ['all: rope, 10000, 64'])
  })

  it('have layers with nothing where their entry is null', () => {
    const config = {
      ...sizes,
      layer_types: ['sliding_attention', 'full_attention'],
      rope_parameters: { full_attention: null, sliding_attention: { rope_theta: 10000 } },
    }
    assert.deepEqual(shown(config), ['all: rope, 10000, 64', 'full_attention: nope, , 0'])
  })

  it('may hold the language model inside', () => {
    const text = { ...sizes, rope_theta: 1000 }
    assert.deepEqual(shown({ model_type: 'llava', text_config: text }), ['all: rope, 1000, 64'])
    assert.deepEqual(shown({ thinker_config: { text_config: text } }), ['all: rope, 1000, 64'])
    assert.deepEqual(shown({ model_type: 'gemma3', text_config: { hidden_size: 2560 } }), [
      'full_attention: rope, 1000000, 256',
      'sliding_attention: rope, 10000, 256',
    ])
  })

  it('take the size of a head from what they say of it first', () => {
    assert.deepEqual(shown({ ...sizes, rope_theta: 10000, head_dim: 128 }), ['all: rope, 10000, 128'])
    assert.deepEqual(shown({ ...sizes, rope_theta: 10000, head_dim: null }), ['all: rope, 10000, 64'])
    assert.deepEqual(shown({ ...sizes, rope_theta: 10000, head_dim: 192, qk_rope_head_dim: 32 }), [
      'all: rope, 10000, 32',
    ])
    assert.deepEqual(shown({ ...sizes, model_type: 'qwen3' }), ['all: rope, 10000, 128'])
  })

  it('turn part of the head, unless the model turns all of it', () => {
    assert.deepEqual(shown({ ...sizes, rope_theta: 10000, partial_rotary_factor: 0.5 }), [
      'all: rope, 10000, 32',
    ])
    assert.deepEqual(shown({ ...sizes, model_type: 'phi' }), ['all: rope, 10000, 32'])
    const llama = { ...sizes, model_type: 'llama', partial_rotary_factor: 0.5 }
    assert.deepEqual(shown(llama), ['all: rope, 10000, 64'])
    assert.match(notes(llama).join(), /^warning at partial_rotary_factor: this model turns the whole head/)
  })

  it('stretch by an alpha, as HunYuan does', () => {
    const scaling = { type: 'dynamic', alpha: 1000, factor: 1 }
    const [layer] = read({ ...sizes, rope_theta: 10000, rope_scaling: scaling }).layers
    assert.deepEqual(
      [layer?.kind.id, layer?.ropeType, layer?.encoding.values.factor],
      ['rope-ntk', 'dynamic', 1000],
    )
  })

  it('have tables without RoPE', () => {
    assert.deepEqual(shown({ ...sizes, model_type: 'gpt2' }), ['all: learned, , 0'])
    assert.deepEqual(shown({ ...sizes, position_embedding_type: 'relative_key' }), ['all: shaw, , 0'])
    assert.deepEqual(shown({ ...sizes, position_embedding_type: 'alibi' }), ['all: alibi, , 0'])
    assert.deepEqual(shown({ ...sizes, model_type: 'whisper' }), ['all: sinusoidal, 10000, 0'])
    assert.deepEqual(shown({ ...sizes, model_type: 'roformer' }), ['all: rope, 10000, 64'])
    assert.deepEqual(shown({ ...sizes, position_embedding_type: 'rotary' }), ['all: rope, 10000, 64'])
  })

  it('of images turn with rows and columns', () => {
    const image = { hidden_size: 1024, num_attention_heads: 16, image_size: 448, patch_size: 16 }
    const [pixtral] = read({ model_type: 'pixtral', rope_theta: 10000, ...image }).layers
    assert.deepEqual([pixtral?.kind.id, pixtral?.encoding.values.form], ['axial-rope', 'pixtral'])
    assert.equal(pixtral?.encoding.values.grid_height, 28)
    const [dino] = read({ model_type: 'dinov3_vit', pos_embed_rescale: 2, rope_theta: 100, ...image }).layers
    assert.deepEqual([dino?.kind.id, dino?.encoding.values.form], ['axial-rope', 'dinov3'])
    const [alone] = read({ model_type: 'dinov3_vit', pos_embed_rescale: null }).layers
    assert.deepEqual([alone?.encoding.values.form, alone?.encoding.values.rope_theta], ['dinov3', 100])
    const [llama4] = read({ model_type: 'llama4_vision_model' }).layers
    assert.deepEqual([llama4?.encoding.values.form, llama4?.encoding.headDim], ['columns-first', 48])
  })

  it('of unknown models are taken to be half-split, and say so', () => {
    const layout = (config: object) => read(config).layers[0]?.encoding.rotation?.layout
    assert.equal(layout({ ...sizes, model_type: 'cohere' }), 'interleaved')
    assert.equal(layout({ ...sizes, model_type: 'llama' }), 'half-split')
    const unknown = { ...sizes, model_type: 'mystery', rope_theta: 10000 }
    assert.equal(layout(unknown), 'half-split')
    assert.match(read(unknown).notes[0]?.message ?? '', /half-split is assumed/)
  })

  it('are told what is odd about them', () => {
    assert.deepEqual(notes({ ...sizes, rope_ratio: 500, rope_theta: 10000 }), [
      'warning at rope_ratio: rope_ratio is not known, and left out',
    ])
    assert.deepEqual(notes({ ...sizes, rope_scaling: { type: 'linear', factor: 2 } }), [
      'info at rope_theta: rope_theta is missing: 10,000 is assumed',
    ])
    assert.deepEqual(
      notes({ ...sizes, rope_theta: 10000, rope_scaling: { rope_type: 'llama3', factor: 8 } }),
      [
        'error at rope_scaling.low_freq_factor: rope_scaling.low_freq_factor is missing: rope_type llama3 needs it',
        'error at rope_scaling.high_freq_factor: rope_scaling.high_freq_factor is missing: rope_type llama3 needs it',
      ],
    )
    assert.deepEqual(notes({ ...sizes, rope_theta: 10000, rope_scaling: [2] }), [
      'error at rope_scaling: rope_scaling has to be an object, and is [2]',
    ])
  })
})
