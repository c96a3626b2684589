// Decides what is analysed when: the newest wish first, in short pieces, dropped as soon as it is out of date.

export interface ScheduleEvents {
  /** What was edited is analysed again; what depends on it may still be as it was. */
  finished(path: string): void
  /** All of the document's analysis describes the text as it is now. */
  settled(path: string): void
  /** Working, for long enough that a person would notice; or done. */
  busy(busy: boolean): void
  failed(path: string, problem: unknown): void
}

/** How long to work before the editor's messages are looked at again. */
const PIECE_MS = 5
/** How long the typing must rest before the functions that call an edited one, and the program, follow. */
const REST_MS = 120
/** Work shorter than this is not worth a sign. */
const NOTICEABLE_MS = 150
/** So many turns of the event loop work is put off for messages that are not handled yet. */
const MOST_TURNS = 20

/** Somebody who waits for a document's analysis, perhaps for a part of it only. */
interface Waiter {
  readonly isEnough: () => boolean
  readonly done: () => void
}

/**
 * Documents whose analysis is out of date. One is worked on at a time; any change drops the work under
 * way, since a change in one document can alter what another one imports.
 */
export class Schedule {
  private readonly stale: string[] = []
  private readonly unsettled: string[] = []
  private restTimer: ReturnType<typeof setTimeout> | null = null
  private settling: { path: string; work: Iterator<void> } | null = null
  private readonly waiters = new Map<string, Waiter[]>()
  private current: { path: string; work: Iterator<void> } | null = null
  private planned = false
  private held = false
  private stopped = false
  private startedAt = 0
  private saidBusy = false

  constructor(
    private readonly update: (path: string) => Iterator<void>,
    private readonly settle: (path: string) => Iterator<void>,
    private readonly events: ScheduleEvents,
    /** The time in milliseconds. */
    private readonly now: () => number = () => performance.now(),
    /** True while a message is not handled yet. */
    private readonly isWaitedFor: () => boolean = () => false,
  ) {}

  /** Begins no work before a promise is kept or broken. */
  hold(until: Promise<unknown>): void {
    this.held = true
    const goOn = (): void => {
      this.held = false
      if (this.stale.length > 0) this.plan()
    }
    until.then(goOn, goOn)
  }

  /** The document's text, or what it imports, changed. The most urgent document comes first. */
  touch(path: string, urgent = true): void {
    this.leaveOff()
    const at = this.stale.indexOf(path)
    if (at >= 0 && !urgent) return
    if (at >= 0) this.stale.splice(at, 1)
    if (urgent) this.stale.unshift(path)
    else this.stale.push(path)
    this.plan()
  }

  /** The document was closed: nobody waits for it any more. */
  drop(path: string): void {
    this.leaveOff()
    remove(this.unsettled, path)
    remove(this.stale, path)
    this.release(path)
  }

  isFresh(path: string): boolean {
    return !this.stale.includes(path)
  }

  /**
   * Resolves when the document's analysis is up to date, which it moves to the front, or as soon as it is
   * enough; at once if it is.
   */
  fresh(path: string, isEnough: () => boolean = () => false): Promise<void> {
    const at = this.stale.indexOf(path)
    if (at < 0 || isEnough()) return Promise.resolve()
    if (at > 0) {
      this.stale.splice(at, 1)
      this.stale.unshift(path)
    }
    return new Promise((done) => {
      const waiting = this.waiters.get(path)
      if (waiting) waiting.push({ isEnough, done })
      else this.waiters.set(path, [{ isEnough, done }])
    })
  }

  stop(): void {
    this.stopped = true
    this.leaveOff()
    if (this.restTimer) clearTimeout(this.restTimer)
    this.stale.length = 0
    for (const path of [...this.waiters.keys()]) this.release(path)
  }

  /** Ends the work under way, which takes back what it had begun. */
  private leaveOff(): void {
    this.current?.work.return?.()
    this.settling?.work.return?.()
    this.current = null
    this.settling = null
  }

  private plan(): void {
    if (this.planned || this.held || this.stopped) return
    this.planned = true
    this.afterMessages(() => {
      this.planned = false
      this.piece()
    })
  }

  /**
   * Messages that are already there come in first, a newer change or what is asked about this one: each is read
   * a turn of the event loop after the one before.
   */
  private afterMessages(work: () => void, turns = 2): void {
    const isTime = turns <= 0 && (turns < -MOST_TURNS || !this.isWaitedFor())
    if (isTime) work()
    else setImmediate(() => this.afterMessages(work, turns - 1))
  }

  private piece(): void {
    const path = this.stale[0]
    if (path === undefined) {
      this.rest()
      return
    }
    const begun = this.now()
    if (this.startedAt === 0) this.startedAt = begun
    try {
      if (this.current?.path !== path) this.current = { path, work: this.update(path) }
      while (!this.current.work.next().done) {
        const isAnswered = this.releaseSome(path)
        if (!isAnswered && this.now() - begun < PIECE_MS) continue
        this.sayBusy()
        this.plan()
        return
      }
      this.finish(path)
      this.events.finished(path)
      this.settleLater(path)
    } catch (problem) {
      this.finish(path)
      this.events.failed(path, problem)
    }
    if (this.stale.length > 0) this.plan()
    else this.rest()
  }

  private settleLater(path: string): void {
    remove(this.unsettled, path)
    this.unsettled.unshift(path)
    if (this.restTimer) clearTimeout(this.restTimer)
    this.restTimer = setTimeout(() => {
      this.restTimer = null
      this.settlePiece()
    }, REST_MS)
  }

  /** One piece of what may wait; an edit takes precedence at any time. */
  private settlePiece(): void {
    const path = this.unsettled[0]
    if (path === undefined || this.stopped || this.restTimer) return
    if (this.stale.length > 0) return
    const begun = this.now()
    if (this.startedAt === 0) this.startedAt = begun
    try {
      if (this.settling?.path !== path) this.settling = { path, work: this.settle(path) }
      while (!this.settling.work.next().done) {
        if (this.now() - begun < PIECE_MS) continue
        this.sayBusy()
        this.afterMessages(() => this.settlePiece())
        return
      }
      remove(this.unsettled, path)
      this.settling = null
      this.events.settled(path)
    } catch (problem) {
      remove(this.unsettled, path)
      this.settling = null
      this.events.failed(path, problem)
    }
    if (this.unsettled.length > 0) this.afterMessages(() => this.settlePiece())
    else this.rest()
  }

  private finish(path: string): void {
    this.current = null
    remove(this.stale, path)
    this.release(path)
  }

  private release(path: string): void {
    const waiting = this.waiters.get(path)
    this.waiters.delete(path)
    for (const { done } of waiting ?? []) done()
  }

  /** Answers those for whom what is there is enough; true if there are any. */
  private releaseSome(path: string): boolean {
    const waiting = this.waiters.get(path) ?? []
    const content = waiting.filter(({ isEnough }) => isEnough())
    if (content.length === 0) return false
    this.waiters.set(
      path,
      waiting.filter((waiter) => !content.includes(waiter)),
    )
    for (const { done } of content) done()
    return true
  }

  private sayBusy(): void {
    if (this.saidBusy || this.now() - this.startedAt < NOTICEABLE_MS) return
    this.saidBusy = true
    this.events.busy(true)
  }

  private rest(): void {
    this.startedAt = 0
    if (!this.saidBusy) return
    this.saidBusy = false
    this.events.busy(false)
  }
}

function remove(paths: string[], path: string): void {
  const at = paths.indexOf(path)
  if (at >= 0) paths.splice(at, 1)
}
