// `shapescope rope`: the frequency tables of a config.json, and what is wrong with a wrong one.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Folder } from './shapescope'

const configs = resolve('test/golden/encodings/configs')

interface Table {
  layer_type: string | null
  type: string
  base: number
  dim: number
  attention_factor: number
  inv_freq: number[]
}

describe('command line, rope', () => {
  let folder: Folder

  beforeEach(() => {
    folder = new Folder()
  })

  afterEach(() => folder.remove())

  const published = (name: string): string =>
    folder.write('config.json', readFileSync(`${configs}/${name}.json`, 'utf8'))

  const tables = (...options: string[]): Table[] => {
    const { stdout, stderr, status } = folder.run(['rope', 'config.json', '--format', 'json', ...options])
    assert.deepEqual({ stderr, status }, { stderr: '', status: 0 })
    return JSON.parse(stdout).encodings
  }

  const refusal = (...options: string[]): string => {
    const { stdout, stderr, status } = folder.run(['rope', 'config.json', ...options])
    assert.deepEqual({ stdout, status }, { stdout: '', status: 2 })
    assert.match(stderr, /^shapescope: .*\n$/)
    return stderr
  }

  it('prints the JSON of the contract', () => {
    published('qwen25_7b_yarn')
    const { stdout } = folder.run(['rope', 'config.json', '--format', 'json'])
    const report = JSON.parse(stdout)
    assert.deepEqual(Object.keys(report), ['version', 'encodings'])
    assert.equal(report.version, 1)
    const [{ inv_freq, attention_factor, ...rest }] = report.encodings
    assert.deepEqual(rest, { layer_type: null, type: 'yarn', base: 1000000, dim: 128 })
    assert.equal(attention_factor.toFixed(4), '1.1386')
    assert.equal(inv_freq.length, 64)
    assert.deepEqual(
      inv_freq.slice(0, 2).map((theta: number) => theta.toFixed(4)),
      ['1.0000', '0.8058'],
    )
  })

  it('prints a table for each type of layers that differs', () => {
    published('gemma3_4b')
    assert.deepEqual(
      tables().map(({ layer_type, type, base }) => [layer_type, type, base]),
      [
        ['full_attention', 'linear', 1000000],
        ['sliding_attention', 'default', 10000],
      ],
    )
    assert.deepEqual(
      tables('--layer-type', 'full_attention').map(({ layer_type }) => layer_type),
      ['full_attention'],
    )
    assert.match(
      refusal('--layer-type', 'global'),
      /no layer type global: there are full_attention, sliding_attention/,
    )
  })

  it('follows the length where the frequencies do', () => {
    published('llama_dynamic')
    const [start, within, beyond] = [tables(), tables('--length', '2048'), tables('--length', '8192')]
    assert.deepEqual(start, within)
    assert.ok((beyond[0]?.inv_freq[63] ?? 1) < (start[0]?.inv_freq[63] ?? 0))
  })

  it('prints text and CSV', () => {
    published('llama31_8b')
    const { stdout } = folder.run(['rope', 'config.json'])
    assert.match(stdout, /^RoPE, Llama 3 scaling \(llama3\)$/m)
    assert.match(stdout, /^pair +θ +θ scaled +wavelength +turns in 131,072 +band$/m)
    assert.match(stdout, /^ +0 +1 +1 +6\.28319 +20860\.8 +kept$/m)
    const [head, first, ...rest] = folder.run(['rope', 'config.json', '--format', 'csv']).stdout.split('\n')
    assert.equal(head, 'layer_type,type,pair,theta,theta_scaled,wavelength,turns,band')
    assert.match(first ?? '', /^,llama3,0,1,1,6\.28\d+,20860\.\d+,kept$/)
    assert.equal(rest.length, 64)
  })

  it('says what is wrong, in a line that names the file', () => {
    assert.match(refusal(), /cannot read config\.json: there is no such file/)
    const broken: [string, RegExp][] = [
      ['{\n  "rope_theta": 10000,\n}', /config\.json: line 3, column 1: a key in double quotes is expected/],
      ['[1]', /config\.json: line 1, column 1: an object is expected/],
      ['', /config\.json: line 1, column 1: a value is expected, and the file ends/],
      ['{}', /config\.json: no position encoding is described/],
      ['{"rope_theta": 0, "head_dim": 64}', /config\.json: rope_theta is 0: it has to be above 0/],
      ['{"rope_theta": NaN, "head_dim": 64}', /config\.json: rope_theta is NaN: it has to be a number/],
      ['{"rope_theta": "1e4", "head_dim": 64}', /config\.json: rope_theta has to be a number, and is "1e4"/],
      ['{"rope_theta": 1e4, "head_dim": 63}', /config\.json: head_dim is 63: it has to be even/],
      ['{"rope_theta": 1e4}', /config\.json: the size of a head is unknown/],
      [
        '{"head_dim": 64, "rope_scaling": {"type": "stretched"}}',
        /config\.json: rope_scaling\.type stretched is not known: known are default, linear/,
      ],
      [
        '{"head_dim": 64, "rope_scaling": {"rope_type": "linear"}}',
        /config\.json: rope_scaling\.factor is missing: rope_type linear needs it/,
      ],
    ]
    for (const [text, expected] of broken) {
      folder.write('config.json', text)
      assert.match(refusal(), expected)
    }
  })

  it('refuses lengths that make no sense', () => {
    published('llama2_7b')
    assert.match(refusal('--length', '0'), /--length is 0: it has to be at least 1/)
    assert.match(refusal('--length', 'long'), /--length is long: it has to be a number/)
    assert.match(refusal('--length', '10000000'), /--length is 10000000: it has to be at most 4,194,304/)
  })

  it('warns of keys that nothing reads, and goes on', () => {
    folder.write(
      'config.json',
      '{"head_dim": 64, "rope_scaling": {"type": "linear", "factor": 2, "beta": 1}}',
    )
    const { stdout, stderr, status } = folder.run(['rope', 'config.json', '--format', 'json'])
    assert.equal(status, 0)
    assert.equal(stderr, 'shapescope: config.json: rope_scaling.beta is not used by rope_type linear\n')
    assert.equal(JSON.parse(stdout).encodings[0].inv_freq[0], 0.5)
  })
})
