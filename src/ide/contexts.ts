// Which runs speak for a place in the editor: the function's own, or its callers'.

import type { NameSource } from '../dims/print'
import type { Run } from '../interpreter/analysis'
import type { Frame, NodeKind, Place, TraceEvent } from '../trace/trace'
import { callsOf, keyOf } from './calls'
import { namesOf, tensorsIn } from './nodes'
import type { Relocation } from './relocation'

export interface Seen {
  readonly event: TraceEvent
  readonly names: NameSource
  readonly run: Run
}

/** Where something was seen: for each run that saw it, its events there. */
export interface SeenPlace {
  readonly place: Place
  readonly kind: NodeKind
  readonly groups: readonly (readonly Seen[])[]
}

type ByPlace = Map<Place, Seen[]>

/** A run's events in one file by place, those of each definition apart; null is the body of the module. */
type Table = Map<Frame['definition'], ByPlace>

/** The tables of each run, by file; made once a run, since runs are kept over edits. */
const tables = new WeakMap<Run, Map<string, Table>>()

function tableOf(run: Run, path: string, part: 'hints' | 'all'): Table {
  let ofRun = tables.get(run)
  if (!ofRun) tables.set(run, (ofRun = new Map()))
  const made = ofRun.get(`${part} ${path}`)
  if (made) return made
  const table: Table = new Map()
  ofRun.set(`${part} ${path}`, table)
  const names = namesOf(run)
  for (const event of run.events) {
    if (part === 'hints' && event.kind !== 'target' && event.kind !== 'parameter') continue
    if (event.frame.module !== path) continue
    let byPlace = table.get(event.frame.definition)
    if (!byPlace) table.set(event.frame.definition, (byPlace = new Map()))
    const seen = byPlace.get(event.place)
    if (seen) seen.push({ event, names, run })
    else byPlace.set(event.place, [{ event, names, run }])
  }
  return table
}

/** A run of another file, and where the functions that it came through stand in this one. */
export interface OtherRun {
  readonly run: Run
  readonly relocation: Relocation
}

/** What besides a file's own runs may speak for its places. */
export interface Elsewhere {
  /** Runs of other files, which may have come through this one; the traced one is the last. */
  readonly runs: readonly OtherRun[]
  /** The program that the editor follows, if it follows one. */
  readonly traced: Run | null
  /** The callers that were picked, by the function's name. */
  readonly picked: ReadonlyMap<string, string>
}
const nothing: Elsewhere = { runs: [], traced: null, picked: new Map() }

/** The events of a file's runs by place. */
export class EventIndex {
  constructor(
    readonly runs: readonly Run[],
    readonly path: string,
    readonly elsewhere: Elsewhere = nothing,
    /** True while some functions have no run yet: then only what a function's own run tells for sure is shown. */
    readonly isPartial = false,
  ) {}

  /** The bound names and parameters that end between two offsets, in order. */
  hintPlaces(start: number, end: number): SeenPlace[] {
    return this.#places('hints', start, end, (place) => place.end >= start && place.end <= end)
  }

  /** All places around an offset, the smallest first. */
  around(offset: number): SeenPlace[] {
    const found = this.#places('all', offset, offset, (place) => isIn(place, offset, offset))
    return found.sort((a, b) => a.place.end - a.place.start - (b.place.end - b.place.start))
  }

  /** The events that the editor shows for a place: of the picked caller, else of the traced program, else as usual. */
  chosen(groups: Groups, style: 'names' | 'numbers'): Groups {
    const { picked, traced } = this.elsewhere
    if (picked.size > 0) {
      const wanted = groups.map((group) => group.filter(({ event, run }) => this.#isPicked(event.frame, run)))
      const some = wanted.filter((group) => group.length > 0)
      if (some.length > 0) return some.slice(0, 1)
    }
    const followed = groups.filter(([s]) => s?.run === traced)
    if (followed.some(isInformative)) return followed
    const ofFile = groups.filter(([s]) => s && this.runs.includes(s.run))
    return this.isPartial ? ofFile.filter(isOwnRuns).filter(isInformative) : chosenGroups(ofFile, style)
  }

  /** True in the frame of a picked call, and in those of the functions defined inside it. */
  #isPicked(frame: Frame, run: Run): boolean {
    for (let at: Frame | null = frame; at?.definition; at = at.caller) {
      const key = this.elsewhere.picked.get(at.name)
      const isInside =
        frame.definition !== null &&
        at.definition.start <= frame.definition.start &&
        frame.definition.end <= at.definition.end
      const call = key !== undefined && isInside ? callsOf(run).get(at) : undefined
      if (call && keyOf(call) === key) return true
    }
    return false
  }

  #places(part: 'hints' | 'all', start: number, end: number, fits: (place: Place) => boolean): SeenPlace[] {
    const found = new Map<string, SeenPlace & { groups: (readonly Seen[])[] }>()
    const add = (place: Place, seen: readonly Seen[]): void => {
      if (!fits(place)) return
      const key = `${place.start} ${place.end}`
      const known = found.get(key)
      if (known) known.groups.push(seen)
      else found.set(key, { place, kind: seen[0]?.event.kind ?? 'name', groups: [seen] })
    }
    for (const run of this.runs)
      for (const [definition, byPlace] of tableOf(run, this.path, part))
        if (!definition || isIn(definition, start, end)) for (const [place, seen] of byPlace) add(place, seen)
    for (const { run, relocation } of this.elsewhere.runs)
      for (const [definition, byPlace] of tableOf(run, this.path, part)) {
        const now = definition && relocation.find(definition)
        if (!now || !isIn(now, start, end)) continue
        const by = now.start - definition.start
        for (const [place, seen] of byPlace) add({ start: place.start + by, end: place.end + by }, seen)
      }
    return [...found.values()].sort((a, b) => a.place.start - b.place.start || a.place.end - b.place.end)
  }
}

/** True for a place that lies between two offsets, in whole or in part. */
const isIn = (place: Place, start: number, end: number): boolean => place.start <= end && start <= place.end

type Groups = SeenPlace['groups']

/** True for events of a function's own run, or of the file's body. */
const isOwnRuns = ([s]: readonly Seen[]): boolean => s?.event.frame.definition === s?.run.definition
/** True for events of a function's own generic run. */
const isOwn = (group: readonly Seen[]): boolean => group[0]?.run.kind === 'generic' && isOwnRuns(group)

/**
 * The runs that the editor shows for a place: in names, the function's own generic run, else the
 * other generic runs, else the program; in numbers, the program first.
 */
export function chosenGroups(groups: Groups, style: 'names' | 'numbers'): Groups {
  const generic = ([s]: readonly Seen[]): boolean => s?.run.kind === 'generic'
  const program = ([s]: readonly Seen[]): boolean => s?.run.kind === 'program'
  const order = style === 'names' ? [isOwn, generic, program] : [program, isOwn, generic]
  let best: Groups = []
  for (const wanted of order) {
    const some = groups.filter(wanted)
    // Beside runs that know the rank the others say nothing.
    const ranked = some.filter(isInformative)
    if (ranked.length > 0) return ranked
    if (best.length === 0) best = some
  }
  return best
}

const informative = new WeakMap<readonly Seen[], boolean>()
/** True if the events show a tensor whose rank is known. */
function isInformative(group: readonly Seen[]): boolean {
  let known = informative.get(group)
  if (known === undefined) {
    known = group.some(({ event }) => tensorsIn(event.value).some((t) => t.shape.gap === null))
    informative.set(group, known)
  }
  return known
}

/** The same for events that are not grouped by run. */
export function chosen(seen: readonly Seen[], style: 'names' | 'numbers'): readonly Seen[] {
  const byRun = new Map<Run, Seen[]>()
  for (const s of seen) {
    const group = byRun.get(s.run)
    if (group) group.push(s)
    else byRun.set(s.run, [s])
  }
  return chosenGroups([...byRun.values()], style).flat()
}
