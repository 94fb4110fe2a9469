import { describe, expect, test } from 'vitest'
import { type VirtualClock, virtualClock } from '../../../test/support/virtual-clock.ts'
import { seededRandom } from '../../decide/random.ts'
import { Api } from './api.ts'
import { Attempts, type AttemptSettings } from './attempts.ts'
import { backOffMs } from './back-off.ts'
import { classifyError, defaultRetries, type ErrorClass, errorClasses } from './classify.ts'
import { type ErrorToFix, type Fix, noFixes } from './fixes.ts'
import { Journal } from './journal.ts'
import type { Step, WorkStep } from './task.ts'

interface Rig {
  readonly clock: VirtualClock
  readonly journal: Journal
  readonly outputs: Map<string, unknown>
  readonly attempts: Attempts
  /** The error that was thrown; undefined where none was. */
  readonly perform: (...steps: readonly Step[]) => Promise<unknown>
}

const rig = (settings: Partial<AttemptSettings> = {}, category?: string): Rig => {
  const clock = virtualClock()
  const [journal, outputs] = [new Journal(), new Map<string, unknown>()]
  const defaults = { retries: defaultRetries, backOff: {}, leastTrust: 'agent' as const, classify: classifyError, fixes: noFixes, tools: new Map(), clock, random: seededRandom(7) }
  const attempts = new Attempts({ ...defaults, ...settings }, category, outputs, journal)
  const perform = (...steps: readonly Step[]): Promise<unknown> =>
    clock.drive(
      attempts.perform(steps, new AbortController().signal).then(
        () => undefined,
        (error: unknown) => error,
      ),
    )
  return { clock, journal, outputs, attempts, perform }
}

/** A step that throws these, one after the other, and then is done. */
const failing = (...errors: readonly unknown[]): { readonly step: WorkStep; readonly tries: () => number } => {
  let tries = 0
  const run = (): string => {
    tries += 1
    if (tries <= errors.length) throw errors[tries - 1]
    return 'done'
  }
  return { step: { id: 'work', run }, tries: () => tries }
}

const examples: Readonly<Record<ErrorClass, string>> = {
  transient: 'connection reset',
  infrastructure: 'connection refused',
  'task-specific': 'no such file',
  fatal: 'permission denied',
  unknown: 'wrong phase of the moon',
}

/** What never ends by itself. */
const hanging = (): Promise<never> => new Promise(() => undefined)

describe('retries', () => {
  test.each(errorClasses)('as often as %s errors get', async (kind) => {
    const errors = Array.from({ length: 9 }, (_, place) => new Error(`${examples[kind]} ${place}`))
    const { step, tries } = failing(...errors)
    const { perform, journal } = rig()
    expect(await perform(step)).toBe(errors[0])
    expect(tries()).toBe(1 + { transient: 5, infrastructure: 2, 'task-specific': 2, fatal: 0, unknown: 1 }[kind])
    expect(journal.failures.map((failure) => failure.class)).toEqual(Array.from({ length: tries() }, () => kind))
    expect(journal.failures.map((failure) => failure.error)).toEqual(errors.slice(0, tries()))
  })

  test('are counted for each class by itself, and a fatal error ends them', async () => {
    const { step, tries } = failing(new Error('time-out'), new Error('wrong phase'), new Error('rate limit'), new Error('connection refused'))
    const { perform, outputs, journal } = rig()
    expect(await perform(step)).toBeUndefined()
    expect(tries()).toBe(5)
    expect(outputs.get('work')).toBe('done')
    expect(journal.recoveries).toEqual([{ step: 'work', attempts: 5 }])
    const first = new Error('time-out')
    const ended = failing(first, new Error('permission denied'))
    expect(await rig().perform(ended.step)).toBe(first)
    expect(ended.tries()).toBe(2)
  })

  test('wait as the back-off says, the same for the same seed', async () => {
    const { clock, perform } = rig({ backOff: { firstMs: 100, mostMs: 500 } })
    await perform(failing(...Array.from({ length: 5 }, () => new Error('time-out'))).step)
    const random = seededRandom(7)
    expect(clock.waits).toEqual([1, 2, 3, 4, 5].map((retry) => backOffMs(retry, random, { firstMs: 100, mostMs: 500 })))
    expect(Math.max(...clock.waits)).toBeLessThanOrEqual(500)
  })

  test('end at once when the signal does, with its reason', async () => {
    const { clock, attempts } = rig()
    const stop = new AbortController()
    const work = attempts.perform([failing(new Error('time-out')).step], stop.signal)
    setImmediate(() => stop.abort(new Error('never mind')))
    await expect(clock.drive(work)).rejects.toThrow('never mind')
  })

  test('end with the signal also while a source of fixes or a tool does not', async () => {
    const fix: Fix = { id: 'restart', confidence: 1, steps: [{ action: 'restart' }] }
    for (const settings of [{ fixes: { fixesFor: hanging } }, { fixes: { fixesFor: () => [fix] }, tools: new Map([['restart', hanging]]) }]) {
      const { attempts } = rig(settings)
      const stop = new AbortController()
      const performed = attempts.perform([failing(new Error('connection reset')).step], stop.signal)
      setImmediate(() => stop.abort(new Error('enough')))
      await expect(performed).rejects.toThrow('enough')
    }
  })

  test('go by a classification of one’s own; one that fails hides nothing', async () => {
    const errors = Array.from({ length: 9 }, () => new Error('wrong phase'))
    const own = failing(...errors)
    await rig({ classify: () => 'transient' }).perform(own.step)
    expect(own.tries()).toBe(6)
    const broken = failing(...errors)
    const { perform, attempts } = rig({ classify: () => { throw new Error('cannot tell') } })
    expect(await perform(broken.step)).toBe(errors[0])
    expect(broken.tries()).toBe(2)
    expect(attempts.warnings[0]).toMatchObject({ code: 'CLASSIFICATION_FAILED', message: 'cannot tell' })
  })

  test('write down every try, with what it said', async () => {
    const circular: { self?: unknown } = {}
    circular.self = circular
    const { perform, journal } = rig()
    await perform({ ...failing(new Error('time-out')).step, tool: 'shell', input: circular })
    expect(journal.notes).toMatchObject([
      { action: 'shell', ok: false, output: 'Error: time-out', input: '[an object that cannot be written down]' },
      { action: 'shell', ok: true, output: 'done' },
    ])
  })
})

const fix = (id: string, ...actions: readonly string[]): Fix => ({ id, confidence: 0.9, steps: actions.map((action) => ({ action, input: `${action} for ${id}` })) })

describe('fixes', () => {
  test('the best one that can be done is, and the step is tried at once', async () => {
    const done: unknown[] = []
    const asked: ErrorToFix[] = []
    const tools = new Map([['restart', (input: unknown) => void done.push(input)]])
    const fixes = { fixesFor: (error: ErrorToFix) => { asked.push(error); return [fix('unknown tool', 'reboot'), fix('nothing to do'), fix('best', 'restart'), fix('next', 'restart')] } }
    const { perform, journal, clock } = rig({ tools, fixes }, 'database')
    expect(await perform({ ...failing(new Error('connection refused')).step, tool: 'sql', input: { at: new Date(0) } })).toBeUndefined()
    expect(asked).toEqual([{ message: 'Error: connection refused', tool: 'sql', category: 'database', input: { at: '1970-01-01T00:00:00.000Z' } }])
    expect(done).toEqual(['restart for best'])
    expect(clock.waits).toEqual([])
    expect(journal.recoveries).toEqual([{ step: 'work', attempts: 2, fix: 'best' }])
    // What a learner of fixes reads: the step that failed, what was done then, the step that succeeded.
    expect(journal.notes).toMatchObject([{ action: 'sql', ok: false }, { action: 'restart', input: 'restart for best', ok: true }, { action: 'sql', ok: true }])
  })

  test('one that did not help is not tried again on the step; the next is', async () => {
    const done: unknown[] = []
    const tools = new Map([['restart', (input: unknown) => void done.push(input)]])
    const fixes = { fixesFor: () => [fix('a', 'restart'), fix('b', 'restart'), fix('c', 'restart'), fix('d', 'restart')] }
    const errors = Array.from({ length: 5 }, () => new Error('time-out'))
    const { perform, journal, clock } = rig({ tools, fixes })
    expect(await perform(failing(...errors).step)).toBeUndefined()
    expect(done).toEqual(['restart for a', 'restart for b', 'restart for c'])
    // The fourth and fifth error had no fix left: waiting it was, which no fix gets the credit of.
    expect(clock.waits).toHaveLength(2)
    expect(journal.recoveries).toEqual([{ step: 'work', attempts: 6 }])
  })

  test('one that fails, or a source that does, hides neither the error nor stops the retries', async () => {
    const errors = Array.from({ length: 9 }, () => new Error('connection refused'))
    const tools = new Map([['restart', () => Promise.reject(new Error('no such service'))]])
    const broken = rig({ tools, fixes: { fixesFor: () => [fix('a', 'restart', 'restart')] } })
    const { step, tries } = failing(...errors)
    expect(await broken.perform(step)).toBe(errors[0])
    expect(tries()).toBe(3)
    expect(broken.clock.waits).toHaveLength(2)
    expect(broken.journal.notes[1]).toMatchObject({ action: 'restart', ok: false, output: 'Error: no such service' })
    expect(broken.journal.recoveries).toEqual([])
    const silent = rig({ tools, fixes: { fixesFor: () => Promise.reject(new Error('file is locked')) } })
    expect(await silent.perform(failing(...errors).step)).toBe(errors[0])
    // Once, however often it was asked.
    expect(silent.attempts.warnings).toEqual([{ code: 'NO_FIXES', message: 'file is locked' }])
  })

  test('nothing is done about a fatal error', async () => {
    const tools = new Map([['restart', () => expect.unreachable()]])
    const error = new Error('permission denied')
    expect(await rig({ tools, fixes: { fixesFor: () => [fix('a', 'restart')] } }).perform(failing(error).step)).toBe(error)
  })
})

const calls = (call: (requests: readonly unknown[]) => readonly unknown[]): { readonly api: Api; readonly steps: readonly Step[]; readonly sent: unknown[][] } => {
  const sent: unknown[][] = []
  const api = new Api({ call: (requests) => { sent.push([...requests]); return Promise.resolve(call(requests)) }, batchSize: 3 })
  return { api, sent, steps: ['a', 'b', 'c'].map((id) => ({ id, api, request: () => id })) }
}

describe('requests that share a call', () => {
  test('only those that failed are sent again', async () => {
    let calm = false
    const { steps, sent } = calls((requests) => requests.map((request) => (request === 'b' && !calm ? new Error('rate limit') : `${String(request)}!`)))
    const { perform, outputs, journal, clock } = rig()
    void clock.wait(1).then(() => (calm = true))
    expect(await perform(...steps)).toBeUndefined()
    expect(sent[0]).toEqual(['a', 'b', 'c'])
    expect(sent.at(-1)).toEqual(['b'])
    expect(Object.fromEntries(outputs)).toEqual({ a: 'a!', b: 'b!', c: 'c!' })
    expect(journal.recoveries.map(({ step }) => step)).toEqual(['b'])
  })

  test('a call that fails is the failure of all, and made again as one', async () => {
    let count = 0
    const { steps, sent } = calls((requests) => { if ((count += 1) === 1) throw new Error('503 service unavailable'); return requests })
    const { perform, journal } = rig()
    expect(await perform(...steps)).toBeUndefined()
    expect(sent).toEqual([['a', 'b', 'c'], ['a', 'b', 'c']])
    expect(journal.failures.map(({ step }) => step)).toEqual(['a', 'b', 'c'])
  })

  test('a fix of what all failed of is applied once', async () => {
    let isUp = false
    let starts = 0
    const { steps, sent } = calls((requests) => { if (!isUp) throw new Error('connection refused'); return requests })
    const tools = new Map([['start', () => { isUp = true; starts += 1 }]])
    const { perform, journal, clock } = rig({ tools, fixes: { fixesFor: () => [fix('up', 'start')] } })
    expect(await perform(...steps)).toBeUndefined()
    expect([starts, sent.length, clock.waits]).toEqual([1, 2, []])
    expect(journal.recoveries).toEqual(['a', 'b', 'c'].map((step) => ({ step, attempts: 2, fix: 'up' })))
  })

  test('a request that cannot be made fails alone', async () => {
    const error = new Error('permission denied: no credentials')
    const { steps, sent, api } = calls((requests) => requests)
    const { perform, outputs } = rig()
    expect(await perform(...steps.slice(0, 2), { id: 'x', api, request: () => { throw error } })).toBe(error)
    expect(sent).toEqual([['a', 'b']])
    expect([...outputs.keys()]).toEqual(['a', 'b'])
  })
})
