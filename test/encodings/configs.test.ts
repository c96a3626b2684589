// Configs of published models: the encoding and parameters that transformers has for them.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { type LayerEncoding, readConfig } from '../../src/encodings'
import { assertNear, folder, golden } from './goldens'

interface Recorded {
  config: string
  layout: string | null
  layers: ({ layer_type: string | null; type: string } & Record<string, unknown>)[]
}

function layersOf(name: string): readonly LayerEncoding[] {
  const read = readConfig(readFileSync(`${folder}/configs/${name}.json`, 'utf8'))
  assert.ok(read.ok)
  assert.deepEqual(
    read.reading.notes.filter(({ severity }) => severity !== 'info'),
    [],
  )
  return read.reading.layers
}

interface Alone {
  model_type: string
  layers: { layer_type: string | null; type: string; base: number; dim: number; inv_freq: [number, number] }[]
}

describe('config of nothing but a model type', () => {
  it('opens as the default of transformers', () => {
    for (const { model_type, layers } of golden<Alone[]>('model_types.json')) {
      const read = readConfig(JSON.stringify({ model_type }))
      const found = read.ok ? read.reading.layers : []
      for (const { layer_type, type, base, dim, inv_freq } of layers) {
        const layer = found.find(({ layerType }) => layerType === layer_type || layerType === null)
        assert.ok(layer, model_type)
        assert.deepEqual([layer.ropeType, layer.encoding.values.rope_theta], [type, base], model_type)
        const theta = Array.from(layer.encoding.frequencies?.theta ?? [])
        assert.equal(2 * theta.length, dim, model_type)
        assertNear([theta[1] ?? 0, theta.at(-1) ?? 0], inv_freq, { relative: 1e-5 }, model_type)
      }
    }
  })
})

describe('config of', () => {
  for (const { config, layout, layers } of golden<Recorded[]>('configs.json')) {
    it(config, () => {
      const read = layersOf(config).filter(({ ropeType }) => ropeType !== 'nope')
      assert.deepEqual(
        new Set(read.map(({ layerType }) => layerType)),
        new Set(layers.map((expected) => expected.layer_type)),
      )
      for (const { layer_type, type, base, dim, attention_factor, inv_freq, ...values } of layers) {
        const layer = read.find(({ layerType }) => layerType === layer_type)
        assert.ok(layer)
        const { encoding, ropeType } = layer
        assert.equal(ropeType, type)
        for (const [key, value] of Object.entries(values)) assert.equal(encoding.values[key], value, key)
        if (base === undefined) continue
        assert.equal(encoding.values.rope_theta, base)
        assert.equal(2 * (encoding.frequencies?.theta.length ?? 0), dim)
        assertNear([encoding.rotation?.attentionFactor ?? 0], [Number(attention_factor)], { relative: 1e-9 })
        assertNear(encoding.frequencies?.theta ?? [], inv_freq as number[], { relative: 1e-5 }, 'inv_freq')
        if (layout !== null) assert.equal(encoding.rotation?.layout, layout)
      }
    })
  }

  it('Llama 4 has layers without RoPE', () => {
    const [rotated, bare] = layersOf('llama4_scout')
    assert.equal(rotated?.kind.id, 'rope-llama3')
    assert.deepEqual([bare?.kind.id, bare?.layerType], ['nope', 'no_rope_layers'])
  })

  it('Qwen2-VL opens as M-RoPE', () => {
    const [layer] = layersOf('qwen2_vl_7b')
    assert.equal(layer?.kind.id, 'mrope')
    assert.deepEqual(layer?.encoding.values.mrope_section, [16, 24, 24])
  })

  it('Phi-3 starts with its short factors, and says which length takes the long ones', () => {
    const text = readFileSync(`${folder}/configs/phi3_mini_128k.json`, 'utf8')
    const read = (length?: number) => {
      const result = readConfig(text, length === undefined ? {} : { length })
      assert.ok(result.ok)
      const { theta, unscaled } = result.reading.layers[0]?.encoding.frequencies ?? {}
      const notes = result.reading.notes.map(({ message }) => message)
      return { last: (unscaled?.at(-1) ?? 0) / (theta?.at(-1) ?? 1), notes }
    }
    const { short_factor, long_factor } = JSON.parse(text).rope_scaling
    assert.deepEqual(read().notes, [
      'short_factor is shown; a length (seq_len) above 4,096 takes long_factor',
    ])
    assertNear([read().last, read(4097).last], [short_factor.at(-1), long_factor.at(-1)], { relative: 1e-9 })
    assert.deepEqual(read(4097).notes, [])
  })

  it('Qwen2.5-VL with YaRN opens as both', () => {
    const [layer] = layersOf('qwen25_vl_7b_yarn')
    assert.equal(layer?.kind.id, 'mrope-yarn')
    assert.deepEqual(layer.encoding.frequencies?.bands?.slice(0, 1), ['kept'])
    // width turns the last pairs, height those before them
    assert.deepEqual(
      [15, 16, 39, 40, 63].map((pair) => layer.encoding.rotation?.axes[pair]),
      [0, 1, 1, 2, 2],
    )
  })

  it('a model whose code has sections of its own opens with them', () => {
    const read = readConfig(JSON.stringify({ model_type: 'qwen3_vl' }))
    const encoding = read.ok ? read.reading.layers[0]?.encoding : undefined
    assert.deepEqual(
      [encoding?.kind.id, encoding?.values.mrope_section, encoding?.values.mrope_interleaved],
      ['mrope', [24, 20, 20], true],
    )
  })

  it('a video model opens with the rows and columns of its memory', () => {
    const read = readConfig(JSON.stringify({ model_type: 'sam2_video' }))
    const encoding = read.ok ? read.reading.layers[0]?.encoding : undefined
    assert.deepEqual([encoding?.kind.id, encoding?.headDim], ['axial-rope', 256])
  })
})
