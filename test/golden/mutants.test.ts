// Programs that PyTorch refuses after one edit must be flagged; edits that it accepts must not.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { load } from '../syntax/support'
import { type Analysed, analysed, type Corpus, complaints, corpora, percent } from './support'

interface Mutant {
  file: string
  kind: string
  /** In characters. */
  offset: number
  old: string
  new: string
}
interface Refused extends Mutant {
  exception: string
  message: string
  /** Where PyTorch raised, from 1. */
  line: number
}
interface Mutants {
  refused: Refused[]
  accepted: Mutant[]
}

/** The share of refused mutants that must be flagged on PyTorch's own line. */
const floors = { samples: 0.95, holdout: 0.98 }

/** Hundreds of programs take seconds, and more where the machine is busy; in milliseconds. */
const patience = 120_000

function analyseMutant(corpus: Corpus, { file, offset, old, new: changed }: Mutant): Analysed {
  const path = `${corpus.programs}/${file}`
  const characters = [...readFileSync(path, 'utf8')]
  const before = characters.slice(0, offset).join('')
  const rest = characters.slice(offset).join('')
  assert.ok(rest.startsWith(old), `${file} has «${old}» at ${offset}`)
  return analysed(path, 'check', before + changed + rest.slice(old.length))
}

const titleOf = (m: Mutant): string => `${m.file} ${m.kind} at ${m.offset}: «${m.old}» → «${m.new}»`

function isFlagged({ diagnostics, lines }: Analysed, line: number | null): boolean {
  return diagnostics.some((d) => {
    if (d.severity !== 'error') return false
    return line === null || (lines.lineAt(d.start) < line && line <= lines.lineAt(d.end) + 1)
  })
}

before(load)

for (const corpus of corpora) {
  const { refused, accepted } = JSON.parse(readFileSync(corpus.mutants, 'utf8')) as Mutants
  describe(`mutants of the ${corpus.name}`, () => {
    it('are flagged where PyTorch refuses them', () => {
      let [onLine, anywhere] = [0, 0]
      const missed: string[] = []
      for (const mutant of refused) {
        const result = analyseMutant(corpus, mutant)
        const [here, somewhere] = [isFlagged(result, mutant.line), isFlagged(result, null)]
        if (here) onLine++
        if (somewhere) anywhere++
        if (here) continue
        const flagged = complaints(result).slice(0, 3).join('\n      ') || 'nothing is flagged'
        missed.push(`${titleOf(mutant)}\n    line ${mutant.line}: ${mutant.message}\n      ${flagged}`)
      }
      console.log(
        `      ${corpus.name}: ${percent(onLine, refused.length)} refused mutants flagged on PyTorch's line, ${percent(anywhere, refused.length)} anywhere`,
      )
      if (process.env.SHAPESCOPE_MISSED) console.log(missed.join('\n'))
      if (onLine < floors[corpus.name] * refused.length) assert.fail(missed.join('\n'))
    }).timeout(patience)
    it('are left alone where PyTorch accepts them', () => {
      const flagged = accepted.flatMap((m) => {
        const errors = complaints(analyseMutant(corpus, m)).filter((c) => c.startsWith('error'))
        return errors.length > 0 ? [`${titleOf(m)}\n    ${errors.join('\n    ')}`] : []
      })
      if (flagged.length > 0) assert.fail(flagged.join('\n'))
    }).timeout(patience)
  })
}
