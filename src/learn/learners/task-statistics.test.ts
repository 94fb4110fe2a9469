import { describe, expect, it } from 'vitest'
import { featurize } from '../features.ts'
import { seededRandom } from '../../decide/random.ts'
import type { RunSettled, Verdict } from '../learner.ts'
import { mostClusters, otherKind, taskStatistics, type TaskStatisticsView } from './task-statistics.ts'

const good = { reward: 1, weight: 1 }
const bad = { reward: 0, weight: 1 }

const run = (task: string, settled: Partial<RunSettled> = {}): RunSettled => ({
  kind: 'run.settled',
  sequence: 1,
  occurredAt: 0,
  run: 'run',
  shown: [],
  features: featurize({ task }),
  steps: 1,
  failed: false,
  ...settled,
})

const first = (task: string, current: Verdict, more: Partial<RunSettled> = {}): RunSettled => run(task, { current, ...more })

const viewOf = (...runs: RunSettled[]): TaskStatisticsView =>
  taskStatistics.view(runs.reduce((state, run) => taskStatistics.learn(state, run), taskStatistics.initial()))

describe('task statistics', () => {
  it('sums up the runs of a category', () => {
    const view = viewOf(
      first('a', good, { category: 'travel', durationMs: 1000, cost: 0.5, tokens: 100, steps: 2 }),
      first('b', bad, { category: 'travel', durationMs: 3000, steps: 4, failed: true }),
    )
    const [row] = view.kinds()
    expect(row).toMatchObject({ kind: 'travel', learned: false, runs: 2, failures: 1, success: 0.5, cost: 0.5, tokens: 100, steps: 3 })
    expect(row?.duration?.mean).toBe(2000)
    expect(row?.duration?.median).toBeGreaterThan(970)
    expect(row?.duration?.median).toBeLessThan(1030)
  })

  it('gives duration quantiles within 2 %', () => {
    const random = seededRandom(1)
    const durations = Array.from({ length: 2000 }, () => Math.exp(random() * 12)).sort((left, right) => left - right)
    const row = viewOf(...durations.map((durationMs) => first('x', good, { durationMs }))).kinds()[0]
    for (const [estimate, share] of [[row?.duration?.median, 0.5], [row?.duration?.p95, 0.95]] as const) {
      const exact = durations[Math.floor(share * (durations.length - 1))] ?? Number.NaN
      expect(Math.abs((estimate ?? Number.NaN) - exact) / exact).toBeLessThan(0.0201)
    }
  })

  it('believes verdicts by their weight', () => {
    expect(viewOf(first('x', good), first('x', { reward: 0, weight: 0.25 })).kinds()[0]?.success).toBe(0.8)
  })

  it('puts like tasks together and unlike ones apart', () => {
    const view = viewOf(
      first('translate the contract into French', good),
      first('translate this contract into German', good),
      first('how many orders last month', bad),
      first('how many orders last week', bad),
    )
    expect(view.kinds().map(({ runs, success }) => [runs, success])).toEqual(expect.arrayContaining([[2, 1], [2, 0]]))
    const kind = view.kindOf(run('translate the contract into Norwegian'))
    expect(view.of(kind)).toMatchObject({ success: 1, learned: true })
    expect(view.kindOf(run('sing a song'))).toBe(otherKind)
  })

  it('takes a changed or withdrawn verdict out of the row it was counted in', () => {
    const runs = [first('translate the contract', good, { durationMs: 10 }), first('count my orders', bad)]
    const changed = run('translate the contract', { previous: good, current: bad, durationMs: 10 })
    expect(viewOf(...runs, changed).kinds()).toEqual(viewOf(first('translate the contract', bad, { durationMs: 10 }), runs[1] ?? changed).kinds())
    const withdrawn = run('translate the contract', { previous: bad, durationMs: 10 })
    expect(viewOf(...runs, changed, withdrawn).kinds()).toEqual(viewOf(runs[1] ?? changed).kinds())
  })

  it('learns a bounded number of clusters and counts what fits none as other', () => {
    const random = seededRandom(2)
    const tasks = Array.from({ length: 2 * mostClusters }, () => Array.from({ length: 6 }, () => `w${Math.floor(random() * 1e9)}`).join(' '))
    const view = viewOf(...tasks.map((task) => first(task, good)))
    expect(view.kinds()).toHaveLength(mostClusters + 1)
    expect(view.of(otherKind)).toMatchObject({ runs: mostClusters, learned: false })
  })

  it('keeps a category that is called like a cluster apart', () => {
    const kind = viewOf(first('count orders', good)).kinds()[0]?.kind ?? ''
    expect(viewOf(first('count orders', good), first('x', bad, { category: kind })).kinds()).toHaveLength(2)
  })

  it('says that a snapshot is damaged', () => {
    expect(() => taskStatistics.load(Uint8Array.of(1, 2, 3))).toThrow(/damaged/)
  })
})
