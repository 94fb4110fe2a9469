import { describe, expect, onTestFinished, test } from 'vitest'
import { handClock, logOf, opened, temporaryFile } from '../../test/support/instance.ts'
import { replaced } from '../../test/support/replaced.ts'
import { ledger } from '../../test/support/settled.ts'
import { Autodidact } from '../autodidact.ts'
import { AutodidactError } from '../errors.ts'
import { SqliteStorage } from '../storage/sqlite/sqlite-storage.ts'
import type { Storage } from '../storage/storage.ts'

const hour = 3_600_000
const points = { tool: { defaultReward: 0.2, deadlineMs: hour }, model: { deadlineMs: hour }, style: { defaultReward: 0.9, deadlineMs: 3 * hour } }

const expiring = async (path?: string) => {
  const clock = handClock()
  const start = clock()
  const instance = await opened({ clock, points, learners: [ledger], deadlineMs: 2 * hour }, path)
  const { autodidact } = instance
  const advice = await autodidact.advise('a', { choices: { tool: ['x'], model: ['y'], style: ['z'] } })
  const verdicts = async (): Promise<Record<string, number | undefined>> => {
    const books = await autodidact.learned(ledger)
    return Object.fromEntries(Object.values(advice.decisions).map(({ id, point, option }) => [point, books.get(`decision ${id} ${option}`)?.reward]))
  }
  return { ...instance, clock, start, advice, verdicts }
}

describe('an advised run that nobody judged', () => {
  test('keeps its earliest deadline when a later decision has more time', async () => {
    const { autodidact, clock, verdicts, advice } = await expiring()
    await autodidact.decide('style', ['z'], { advice })
    clock.advance(hour)
    await autodidact.advise('b')
    expect(await verdicts()).toEqual({ tool: 0.2 })
  })

  test('expires decision by decision, each with its own deadline and default', async () => {
    const { autodidact, clock, start, facts, verdicts, advice } = await expiring()
    await autodidact.advise('b')
    expect(await verdicts()).toEqual({})
    clock.advance(hour)
    await autodidact.advise('b')
    expect(await verdicts()).toEqual({ tool: 0.2 })
    clock.advance(2 * hour)
    for (let call = 0; call < 3; call += 1) await autodidact.decide('other', ['o'])
    expect(await verdicts()).toEqual({ tool: 0.2, style: 0.9 })
    const expired = (await facts('run.expired')).filter(({ run }) => run === advice.run)
    expect(expired.map(({ data }) => data.deadline - start)).toEqual([hour, 2 * hour, 3 * hour])
    expect(expired.every(({ data }) => !data.recorded)).toBe(true)
  })

  test('is corrected by late feedback, and the retraction of that brings the default back', async () => {
    const { autodidact, clock, verdicts, advice } = await expiring()
    clock.advance(hour)
    await autodidact.advise('b')
    const { feedback } = await autodidact.feedback(advice.run, 'up')
    expect(await verdicts()).toEqual({ tool: 1, model: 1, style: 1 })
    await autodidact.feedback(advice.run, { retract: feedback })
    expect(await verdicts()).toEqual({ tool: 0.2 })
  })

  test('expires for its decisions also when it was recorded without an outcome', async () => {
    const { autodidact, clock, verdicts, advice, facts } = await expiring()
    await autodidact.record({ advice, response: 'done' })
    clock.advance(hour)
    await autodidact.advise('b')
    expect(await verdicts()).toEqual({ tool: 0.2 })
    expect((await facts('run.expired'))[0]?.data.recorded).toBe(true)
    await autodidact.feedback(advice.run, 'down')
    expect(await verdicts()).toEqual({ tool: 0, model: 0, style: 0 })
  })

  test('that was judged in time does not expire', async () => {
    const { autodidact, clock, advice, facts, storage } = await expiring()
    await autodidact.record({ advice, success: true })
    expect(await storage.due('default', Number.MAX_SAFE_INTEGER, 10)).toEqual([])
    clock.advance(10 * hour)
    await autodidact.advise('b')
    expect(await facts('run.expired')).toEqual([])
  })

  test('expires once, though two processes notice it', async () => {
    const file = temporaryFile()
    const here = await expiring(file)
    const there = await opened({ clock: here.clock }, file)
    here.clock.advance(hour)
    await Promise.all([here.autodidact.advise('b'), there.autodidact.advise('c'), there.autodidact.decide('other', ['o'])])
    expect(await here.facts('run.expired')).toHaveLength(1)
  })

  test('may go on: what is decided after it expired has its own time', async () => {
    const { autodidact, clock, advice, verdicts } = await expiring()
    clock.advance(3 * hour)
    for (let call = 0; call < 3; call += 1) await autodidact.advise('b')
    const late = await autodidact.decide('tool', ['x'], { advice })
    const lateVerdict = async () => (await autodidact.learned(ledger)).get(`decision ${late.id} x`)?.reward
    expect(await lateVerdict()).toBeUndefined()
    clock.advance(hour)
    const after = await autodidact.advise('b')
    expect(after).toMatchObject({ logged: true, warnings: [] })
    expect(await lateVerdict()).toBe(0.2)
    expect(await verdicts()).toEqual({ tool: 0.2, style: 0.9 })
  })

  test('whose expiry was erased or cannot be written never stands in the way of advice', async () => {
    const { autodidact, clock, advice, storage } = await expiring()
    const due = (await storage.due('default', Number.MAX_SAFE_INTEGER, 10))[0]
    await autodidact.remember({ id: `expired:${advice.run}:${due?.expiresAt}`, content: 'somebody took this id' })
    clock.advance(10 * hour)
    for (let call = 0; call < 2; call += 1) expect(await autodidact.advise('b', { recall: false })).toMatchObject({ logged: true, warnings: [] })
    await autodidact.forget({ source: 'autodidact' })
    clock.advance(10 * hour)
    for (let call = 0; call < 2; call += 1) expect(await autodidact.advise('b')).toMatchObject({ logged: true, warnings: [] })
  })

  test('is no longer waited for once its expiry was erased, so that it stands in nobody\'s way', async () => {
    const clock = handClock()
    const { autodidact, storage, facts } = await opened({ clock, deadlineMs: hour })
    // More than one call looks at.
    for (let place = 0; place < 40; place += 1) await autodidact.advise('a', { run: `early-${place}`, recall: false })
    clock.advance(hour)
    for (let call = 0; call < 2; call += 1) await autodidact.decide('tool', ['x'], { run: 'busy' })
    expect(await facts('run.expired')).toHaveLength(40)
    await autodidact.forget({ source: 'autodidact' })
    await autodidact.advise('b', { run: 'late', recall: false })
    clock.advance(hour)
    for (let call = 0; call < 3; call += 1) await autodidact.decide('tool', ['x'], { run: 'idle' })
    expect((await facts('run.expired')).map(({ run }) => run)).toEqual(['busy', 'late'])
    expect(await storage.due('default', clock(), 100)).toEqual([])
  })

  test('is written down with others in one commit, and a long absence is made up for in several calls', async () => {
    const clock = handClock()
    const storage = await SqliteStorage.open(':memory:', { clock })
    let commits: number[] = []
    const commit: Storage['commit'] = (batch) => {
      commits.push(batch.facts.length)
      return storage.commit(batch)
    }
    const autodidact = Autodidact.over(replaced(storage, { commit }), { clock, deadlineMs: hour, seed: 1 })
    const runs = Array.from({ length: 100 }, (_, place) => `run-${place}`)
    for (const run of runs) await autodidact.advise('a', { run })
    // Some of them cannot expire: the others do, all the same.
    await autodidact.feedback('run-3', 'up')
    await autodidact.remember({ id: `expired:run-4:${clock() + hour}`, content: 'somebody took this id' })
    clock.advance(hour)
    const expired: number[] = []
    for (let call = 0; call < 6; call += 1) {
      commits = []
      expect(await autodidact.decide('tool', ['x'])).toMatchObject({ logged: true })
      expect(commits.length).toBeLessThanOrEqual(2)
      expired.push(commits.length === 2 ? (commits[0] ?? 0) : 0)
    }
    expect(Math.max(...expired)).toBeLessThanOrEqual(32)
    expect(expired.reduce((sum, count) => sum + count, 0)).toBe(98)
    expect(expired.at(-1)).toBe(0)
    expect((await autodidact.report()).expired).toBe(98)
    await autodidact.close()
  })

  test('that another process is just writing to is looked at again', async () => {
    const file = temporaryFile()
    const clock = handClock()
    const storage = await SqliteStorage.open(file, { clock })
    // By its clock there is time left, so that it notices no deadline itself.
    const there = await opened({ clock: handClock() }, file)
    const commit: Storage['commit'] = async (batch) => {
      if (batch.facts.some(({ kind }) => kind === 'run.expired')) await there.autodidact.feedback('judged', 'up', { id: 'late' })
      return storage.commit(batch)
    }
    const here = Autodidact.over(replaced(storage, { commit }), { clock, deadlineMs: hour, seed: 1 })
    for (const run of ['judged', 'other']) await here.advise('a', { run })
    clock.advance(hour)
    expect(await here.decide('tool', ['x'])).toMatchObject({ logged: true, warnings: [] })
    expect(await there.facts('run.expired')).toEqual([])
    await here.decide('tool', ['x'])
    expect((await there.facts('run.expired')).map(({ run }) => run)).toEqual(['other'])
    await here.close()
  })
})

/** Forty runs were advised by another process, and their time is over. */
const later = async (settings: { readonly readOnly?: boolean } = {}) => {
  const file = temporaryFile()
  const clock = handClock()
  const advising = await opened({ clock, points, deadlineMs: hour }, file)
  const runs = Array.from({ length: 40 }, (_, place) => `run-${place}`)
  for (const run of runs) await advising.autodidact.advise('a', { run, recall: false, choices: { tool: ['x'] } })
  await advising.autodidact.close()
  clock.advance(2 * hour)
  const storage = await SqliteStorage.open(file, { clock, ...settings })
  const autodidact = Autodidact.over(storage, { clock, points, deadlineMs: hour, learners: [ledger] })
  onTestFinished(() => autodidact.close())
  return { autodidact, storage, expired: async () => (await logOf(storage)).filter(({ kind }) => kind === 'run.expired').length }
}

describe('a deadline is noticed', () => {
  test.each<[string, (autodidact: Autodidact) => Promise<unknown>]>([
    ['record', (autodidact) => autodidact.record({ task: 'another' })],
    ['feedback', (autodidact) => autodidact.feedback('another', 'up')],
  ])('by %s, some at a time', async (_verb, call) => {
    const { autodidact, expired } = await later()
    await call(autodidact)
    expect(await expired()).toBe(32)
    await call(autodidact)
    expect(await expired()).toBe(40)
  })

  test('by whoever asks what was earned, before the answer', async () => {
    const reporting = await later()
    expect((await reporting.autodidact.report()).expired).toBe(40)
    const learning = await later()
    expect((await learning.autodidact.learned(ledger)).size).toBe(40)
    const explaining = await later()
    expect((await explaining.autodidact.explain('run-39')).outcome.expired).toBe(true)
    const evaluating = await later()
    await evaluating.autodidact.evaluate({ point: 'tool', policy: 'uniform' })
    expect(await evaluating.expired()).toBe(40)
  })

  test('of a run that is recorded too late, whoever notices it', async () => {
    const { autodidact, storage } = await later()
    expect(await autodidact.record({ run: 'run-0', task: 'a', success: true })).toMatchObject({ standing: 'success', rewards: [{ reward: 1 }] })
    expect((await logOf(storage)).filter(({ run }) => run === 'run-0').map(({ kind }) => kind)).toEqual(['advice.given', 'decision.made', 'run.expired', 'run.recorded'])
  })

  test('by nobody who may only read, or cannot write, who is answered all the same', async () => {
    const { autodidact, expired } = await later({ readOnly: true })
    expect((await autodidact.report()).expired).toBe(0)
    expect(await expired()).toBe(0)
    const { storage } = await later()
    const commit: Storage['commit'] = async (batch) => {
      if (batch.facts.some(({ kind }) => kind === 'run.expired')) throw new AutodidactError('BUSY', 'somebody else is writing')
      return storage.commit(batch)
    }
    const busy = Autodidact.over(replaced(storage, { commit }), { clock: () => 1_767_225_600_000 + 2 * hour })
    expect((await busy.report()).expired).toBe(0)
    expect(await busy.record({ task: 'another' })).toMatchObject({ status: 'stored' })
  })
})
