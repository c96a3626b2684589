// Runs the bundled command line as a user does, in a folder of its own.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

const program = resolve('dist/cli.js')

export interface Result {
  status: number | null
  stdout: string
  stderr: string
}

/** The contract's JSON, as another program reads it. */
export interface Report {
  version: number
  files: {
    path: string
    nodes: {
      range: [number, number, number, number]
      kind: string
      name: string | null
      tensors: { shape: (number | string)[] | null; dtype: string | null; contiguous: boolean | null }[]
    }[]
    diagnostics: { range: number[]; severity: string; code: string; message: string }[]
  }[]
}

/** A folder for one test. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'shapescope-cli-'))

  write(name: string, content: string | Uint8Array): string {
    const path = join(this.path, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
    return path
  }

  run(parameters: string[], environment: Record<string, string> = {}): Result {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...parameters], {
      cwd: this.path,
      encoding: 'utf8',
      env: environment,
    })
    return { status, stdout, stderr }
  }

  json(...parameters: string[]): Report {
    const { stdout, stderr } = this.run([...parameters, '--format', 'json'])
    if (stdout === '') throw new Error(stderr)
    return JSON.parse(stdout) as Report
  }

  remove(): void {
    rmSync(this.path, { recursive: true })
  }
}

/** What a report says of a name: `line:column name [shape]`. */
export function namesIn({ files }: Report, kind = 'target'): string[] {
  return files.flatMap(({ nodes }) =>
    nodes
      .filter((node) => node.kind === kind)
      .map(({ range, name, tensors }) => {
        const shapes = tensors.map(({ shape }) => (shape ? `[${shape.join(', ')}]` : '?'))
        return `${range[0]}:${range[1]} ${name} ${shapes.join(' | ')}`
      }),
  )
}
