import { describe, expect, test } from 'vitest'
import type { FactOf } from '../../log/fact.ts'
import type { RunSettled, Verdict } from '../learner.ts'
import { type RunOutline, runOutlines, type RunOutlinesState } from './run-outlines.ts'

const good: Verdict = { reward: 1, weight: 1 }
const bad: Verdict = { reward: 0, weight: 0.7 }

type Data = FactOf<'run.recorded'>['data']

const recorded = (id: string, data: Partial<Data> = {}): FactOf<'run.recorded'> => ({
  kind: 'run.recorded', version: 1, id, run: id, namespace: 'default', sequence: 1, occurredAt: 7, recordedAt: 8, source: 'host', trust: 'agent', data: { task: 'refund an order', steps: [], ...data },
})

const settled = (run: string, settlement: Partial<RunSettled>): RunSettled => ({
  kind: 'run.settled', sequence: 2, occurredAt: 0, run, shown: [], task: '', features: { hashes: new Uint32Array(), values: new Float32Array() }, actions: [], taken: [], steps: 0, failed: false, ...settlement,
})

const after = (...experience: readonly (FactOf<'run.recorded'> | RunSettled)[]): RunOutlinesState =>
  experience.reduce((state, one) => runOutlines.learn(state, one), runOutlines.initial())

const runsOf = (state: RunOutlinesState): readonly RunOutline[] => runOutlines.view(state).runs()

describe('outlines of runs', () => {
  test('have names of actions without repetitions, the last also where it failed, and no words', () => {
    const steps = [{ action: 'a' }, { action: 'a', ok: true }, { action: 'b', input: 'secret words' }, { action: 'c', ok: false, error: 'more words' }]
    const state = after(recorded('r', { category: 'refunds', steps, durationMs: 5 }))
    expect(runsOf(state)).toMatchObject([{ run: 'r', category: 'refunds', actions: ['a', 'b', 'c'], failed: [2], brokenOffAt: 'c', last: 'c', steps: 4, durationMs: 5, seenAt: 7, errors: [{ tool: 'c' }] }])
    expect(runsOf(runOutlines.load(runOutlines.save(state)))).toEqual(runsOf(state))
    expect(new TextDecoder().decode(runOutlines.save(state))).not.toContain('words')
  })

  test('follow verdicts that come, change, and are taken back, and approaches that become known', () => {
    const first = recorded('r')
    expect(runsOf(after(first))[0]?.verdict).toBeUndefined()
    expect(runsOf(after(first, settled('r', { current: good }), settled('r', { previous: good, current: bad, approach: 'parallel' })))[0]).toMatchObject({ verdict: bad, approach: 'parallel' })
    expect(runsOf(after(first, settled('r', { current: good }), settled('r', { previous: good })))[0]?.verdict).toBeUndefined()
    // Feedback on a run that is no longer among the latest has nowhere to go.
    expect(runsOf(after(settled('gone', { current: good })))).toEqual([])
  })

  test('are those of the latest 4,096 runs, of bounded size, and the same after a snapshot', () => {
    const steps = Array.from({ length: 200 }, (_, place) => ({ action: `a${place}`, ok: place % 2 === 0, ...(place % 2 === 0 ? {} : { error: `${'abcdefghijklmnopqrstuvwxyz'[(place >> 1) % 26]} broke` }) }))
    let state = after(recorded('long', { steps, durationMs: Number.MAX_VALUE }))
    expect(runsOf(state)[0]?.actions).toHaveLength(64)
    expect(runsOf(state)[0]?.errors).toHaveLength(16)
    for (let run = 0; run < 4_100; run += 1) state = runOutlines.learn(state, recorded(`r${run}`))
    expect(runsOf(state)).toHaveLength(4_096)
    expect(runsOf(state)[0]?.run).toBe('r4')
    expect(runsOf(runOutlines.load(runOutlines.save(state)))).toEqual(runsOf(state))
  })

  test('are the same list until something changes, and say when they are damaged', () => {
    const state = after(recorded('r'))
    expect(runsOf(state)).toBe(runsOf(state))
    const before = runsOf(state)
    expect(runsOf(runOutlines.learn(state, settled('r', { current: good })))).not.toBe(before)
    expect(() => runOutlines.load(new TextEncoder().encode('{"runs":7}'))).toThrow(/outlines of runs are damaged/)
  })

  test('can be compared as plain data', () => {
    const state = after(recorded('r', { steps: [{ action: 'a' }] }), recorded('s', { steps: [{ action: 'a' }] }), recorded('t'), settled('r', { current: good }))
    expect(runOutlines.view(state).table()).toEqual({ a: { runs: 2, judged: 1, good: 1 }, '(nothing)': { runs: 1, judged: 0, good: 0 } })
  })
})
