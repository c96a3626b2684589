// The invariants of ARCHITECTURE.md: which folder may import what, and how a file begins and how long it is.

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, normalize } from 'node:path'

const longest = 500

const core = ['syntax', 'dims', 'tensors', 'trace', 'ops', 'interpreter', 'ide']

/** For each folder of `src`, and the webview, the folders it may import. */
const mayImport: Record<string, readonly string[]> = {
  syntax: [],
  dims: [],
  encodings: [],
  protocol: [],
  tensors: ['dims'],
  trace: ['dims', 'tensors'],
  ops: ['dims', 'tensors', 'trace'],
  interpreter: ['syntax', 'dims', 'tensors', 'trace', 'ops'],
  ide: ['syntax', 'dims', 'tensors', 'trace', 'ops', 'interpreter', 'encodings'],
  compute: ['dims', 'tensors', 'trace', 'encodings', 'protocol'],
  node: ['syntax', 'trace', 'ide', 'compute', 'protocol'],
  server: [...core, 'encodings', 'protocol', 'node'],
  debugger: [...core, 'encodings', 'compute', 'protocol', 'node'],
  cli: [...core, 'encodings', 'compute', 'protocol', 'node'],
  extension: ['protocol'],
  webview: ['protocol', 'encodings', 'compute'],
}

/** The only folders that may import each package that stands for an editor or the parser. */
const onlyImporters: [RegExp, readonly string[]][] = [
  [/^vscode$/, ['extension']],
  [/^vscode-languageclient\b/, ['extension']],
  [/^vscode-languageserver\b/, ['server']],
  [/^@vscode\/debugadapter\b/, ['debugger']],
  [/^web-tree-sitter$/, ['syntax']],
]

/** Entry points and the adapters that they inject; everything else also runs in a web worker. */
const mayUseNode = [
  'src/cli/',
  'src/node/',
  'src/extension/',
  'src/debugger/',
  'src/server/input/',
  'src/server/main.ts',
  'src/server/places.ts',
  'src/server/search-paths.ts',
]

const nodeModules = new Set(builtinModules)

interface Source {
  file: string
  folder: string
  text: string
  imports: string[]
}

function typeScriptBelow(top: string): string[] {
  if (!existsSync(top)) return []
  return readdirSync(top, { recursive: true, encoding: 'utf8' })
    .map((name) => `${top}/${name.replaceAll('\\', '/')}`)
    .filter((name) => /\.tsx?$/.test(name))
    .sort()
}

function readSource(file: string): Source {
  const text = readFileSync(file, 'utf8')
  const statements = text.matchAll(/^(?:import|export)\b[^'";]*?['"]([^'"\n]+)['"]/gm)
  const calls = text.matchAll(/\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/g)
  const parts = file.split('/')
  return {
    file,
    folder: (parts[0] === 'src' ? parts[1] : parts[0]) ?? '',
    text,
    imports: [...statements, ...calls].flatMap(([, name]) => name ?? []),
  }
}

/** The folder that a relative import leads to: a folder of `src`, `webview`, or null outside both. */
function folderOf({ file }: Source, name: string): string | null {
  const [top, folder] = normalize(join(dirname(file), name))
    .replaceAll('\\', '/')
    .split('/')
  if (top === 'webview') return top
  return top === 'src' ? (folder ?? null) : null
}

describe('architecture', () => {
  const tests = typeScriptBelow('test').map(readSource)
  const sources = [...typeScriptBelow('src'), ...typeScriptBelow('webview')].map(readSource)
  const layered = sources.filter(({ file }) => file !== 'src/assets.d.ts')

  it('knows every folder', () => {
    const unknown = layered.filter(({ folder }) => !(folder in mayImport)).map(({ file }) => file)
    assert.deepEqual(unknown, [], 'add the folder to the table of this test and to ARCHITECTURE.md')
  })

  it('has imports pointing down', () => {
    const wrong = layered.flatMap((source) =>
      source.imports
        .filter((name) => name.startsWith('.'))
        .filter((name) => {
          const target = folderOf(source, name)
          const isOwn = target === source.folder
          return target !== null && !isOwn && !mayImport[source.folder]?.includes(target)
        })
        .map((name) => `${source.file} imports ${name}`),
    )
    assert.deepEqual(wrong, [])
  })

  it('lets only server, debugger and extension know an editor', () => {
    const wrong = layered.flatMap(({ file, folder, imports }) =>
      imports
        .filter((name) => onlyImporters.some(([known, who]) => known.test(name) && !who.includes(folder)))
        .map((name) => `${file} imports ${name}`),
    )
    assert.deepEqual(wrong, [])
  })

  it('uses Node only in entry points and injected adapters', () => {
    const wrong = layered
      .filter(({ file }) => !mayUseNode.some((allowed) => file.startsWith(allowed)))
      .flatMap(({ file, imports }) =>
        imports
          .filter((name) => name.startsWith('node:') || nodeModules.has(name))
          .map((name) => `${file} imports ${name}`),
      )
    assert.deepEqual(wrong, [])
  })

  it('opens every file with a sentence that says what it is for', () => {
    const wrong = [...sources, ...tests].filter(({ text }) => {
      const [, header] = /^(?:#!.*\n)?((?:\/\/ .*\n)+)/.exec(text) ?? []
      return !header?.trimEnd().endsWith('.')
    })
    assert.deepEqual(
      wrong.map(({ file }) => file),
      [],
    )
  })

  it(`has no file over ${longest} lines`, () => {
    const wrong = [...sources, ...tests].filter(({ text }) => text.split('\n').length > longest + 1)
    assert.deepEqual(
      wrong.map(({ file }) => file),
      [],
    )
  })

  it('ships only packages under free licences, and their licences with them', () => {
    const text = readFileSync('dist/THIRD-PARTY-LICENCES.txt', 'utf8')
    const packages = [...text.matchAll(/^(\S+) \d\S* \((.+)\)$/gm)]
    const names = packages.map(([, name]) => name)
    for (const name of ['preact', 'web-tree-sitter', 'yaml']) assert.ok(names.includes(name), name)
    const others = packages.filter(([, , licence = '']) => !/^(MIT|ISC|BSD|Apache|BlueOak)/.test(licence))
    assert.deepEqual(
      others.map(([line]) => line),
      [],
    )
  })
})
