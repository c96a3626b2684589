// The schedule: newest wish first, outdated work dropped, faults told, waiters always answered.

import assert from 'node:assert/strict'
import { Schedule, type ScheduleEvents } from '../../src/server/schedule'

interface Bench {
  schedule: Schedule
  seen: string[]
}

/** Each analysis takes 40 ms in pieces of 2 ms, by a clock that only work moves on. */
function bench(broken = '', isWaitedFor?: () => boolean): Bench {
  const seen: string[] = []
  let time = 1
  function* update(path: string): Generator<void> {
    seen.push(`start ${path}`)
    for (let piece = 0; piece < 20; piece++) {
      time += 2
      yield
      if (path === broken) throw new Error('broken')
    }
    seen.push(`end ${path}`)
  }
  function* settle(path: string): Generator<void> {
    yield
    seen.push(`settle ${path}`)
  }
  const events: ScheduleEvents = {
    finished: (path) => seen.push(`finished ${path}`),
    settled: (path) => seen.push(`settled ${path}`),
    busy: (busy) => seen.push(busy ? 'busy' : 'idle'),
    failed: (path) => seen.push(`failed ${path}`),
  }
  const schedule = new Schedule(update, settle, events, () => time, isWaitedFor)
  return { schedule, seen }
}

const turn = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds))

describe('schedule', () => {
  it('drops work as soon as the text changed again', async () => {
    const { schedule, seen } = bench()
    schedule.touch('a')
    while (!seen.includes('start a')) await new Promise(setImmediate)
    schedule.touch('a')
    await schedule.fresh('a')
    assert.deepEqual(seen, ['start a', 'start a', 'end a', 'finished a'])
  })

  it('answers before the end where a part is enough', async () => {
    const { schedule, seen } = bench()
    schedule.touch('a')
    await schedule.fresh('a', () => seen.includes('start a'))
    assert.deepEqual(seen, ['start a'])
    await schedule.fresh('a')
    assert.deepEqual(seen, ['start a', 'end a', 'finished a'])
  })

  it('begins nothing before what it is held for', async () => {
    const { schedule, seen } = bench()
    let release = (): void => {}
    schedule.hold(new Promise<void>((done) => (release = done)))
    schedule.touch('a')
    await turn(5)
    assert.deepEqual(seen, [])
    release()
    await schedule.fresh('a')
    assert.deepEqual(seen, ['start a', 'end a', 'finished a'])
  })

  it('takes the document that somebody waits for first', async () => {
    const { schedule, seen } = bench()
    schedule.touch('a')
    schedule.touch('b', false)
    await schedule.fresh('b')
    assert.equal(schedule.isFresh('a'), false)
    await schedule.fresh('a')
    assert.deepEqual(
      seen.filter((line) => line.startsWith('end')),
      ['end b', 'end a'],
    )
  })

  it('follows with what may wait once the typing rests, and not before', async () => {
    const { schedule, seen } = bench()
    schedule.touch('a')
    await schedule.fresh('a')
    schedule.touch('a')
    await schedule.fresh('a')
    assert.ok(!seen.includes('settle a'))
    while (!seen.includes('settled a')) await turn(20)
    assert.deepEqual(seen.slice(-3), ['finished a', 'settle a', 'settled a'])
  })

  it('lets messages in between pieces', async () => {
    const { schedule, seen } = bench()
    schedule.touch('a')
    for (let turns = 0; turns < 4; turns++) await new Promise(setImmediate)
    assert.deepEqual(seen, ['start a'])
    await schedule.fresh('a')
  })

  it('begins once the messages that are there are handled', async () => {
    let unhandled = 7
    const { schedule, seen } = bench('', () => unhandled > 0)
    schedule.touch('a')
    while (unhandled > 0) {
      await new Promise(setImmediate)
      assert.deepEqual(seen, [])
      unhandled--
    }
    await schedule.fresh('a')
    assert.deepEqual(seen, ['start a', 'end a', 'finished a'])
  })

  it('begins in the end also where a message is never handled', async () => {
    const { schedule, seen } = bench('', () => true)
    schedule.touch('a')
    await schedule.fresh('a')
    assert.deepEqual(seen, ['start a', 'end a', 'finished a'])
  })

  it('tells a fault and answers those who wait', async () => {
    const { schedule, seen } = bench('a')
    schedule.touch('a')
    await schedule.fresh('a')
    assert.deepEqual(seen, ['start a', 'failed a'])
    assert.equal(schedule.isFresh('a'), true)
  })

  it('answers those who wait for a document that was closed, and all when it is stopped', async () => {
    const { schedule } = bench()
    schedule.touch('a')
    schedule.touch('b')
    const waiting = [schedule.fresh('a'), schedule.fresh('b')]
    schedule.drop('a')
    await waiting[0]
    schedule.stop()
    await waiting[1]
  })

  it('shows that it is busy only when it takes long', async () => {
    const { schedule, seen } = bench()
    schedule.touch('a')
    await schedule.fresh('a')
    assert.ok(!seen.includes('busy'))
    for (const path of 'abcdefgh') schedule.touch(path)
    await Promise.all([...'abcdefgh'].map((path) => schedule.fresh(path)))
    while (!seen.includes('idle')) await turn(5)
    assert.deepEqual(
      seen.filter((line) => line === 'busy' || line === 'idle'),
      ['busy', 'idle'],
    )
  })
})
