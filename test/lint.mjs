// Checks the sources with Biome, and with --write formats them and mends what is safe to mend.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Biome } from '@biomejs/js-api/nodejs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const write = process.argv.includes('--write')
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))

function filesBelow(folder) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((name) => /\.(ts|tsx|mjs|css)$/.test(name) && !name.startsWith('test/golden/'))
}

const files =
  named.length > 0
    ? named
    : ['src', 'webview', 'test'].flatMap(filesBelow).concat('esbuild.config.mjs', 'biome.json').sort()

// Biome as WebAssembly is the same single package on every platform.
const biome = new Biome()
const { projectKey } = biome.openProject(root)
biome.applyConfiguration(projectKey, JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8')))

let problems = 0

function report(file, text, diagnostic) {
  const start = diagnostic.location.span?.[0] ?? 0
  const before = Buffer.from(text).subarray(0, start).toString()
  const line = before.split('\n').length
  const column = before.length - before.lastIndexOf('\n')
  console.error(`${file}:${line}:${column}: ${diagnostic.description} [${diagnostic.category ?? 'lint'}]`)
  problems++
}

for (const file of files) {
  const original = readFileSync(join(root, file), 'utf8')
  const options = { filePath: file }
  const fixed = write
    ? biome.lintContent(projectKey, original, { ...options, fixFileMode: 'safeFixes' })
    : null
  const text = fixed?.content ?? original
  const formatted = biome.formatContent(projectKey, text, options)
  const checked = write ? formatted.content : original
  const linted = biome.lintContent(projectKey, checked, options)
  for (const diagnostic of [...formatted.diagnostics, ...linted.diagnostics]) {
    if (diagnostic.severity !== 'information' && diagnostic.severity !== 'hint')
      report(file, checked, diagnostic)
  }
  if (formatted.content === original) continue
  if (write) {
    writeFileSync(join(root, file), formatted.content)
    console.log(`${file}: formatted`)
  } else {
    console.error(`${file}: not formatted; run npm run format`)
    problems++
  }
}

if (problems > 0) process.exitCode = 1
else console.log(`${files.length} files are clean`)
