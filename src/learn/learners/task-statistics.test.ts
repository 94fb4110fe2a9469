import { describe, expect, it } from 'vitest'
import { featurize } from '../features.ts'
import { seededRandom } from '../../decide/random.ts'
import type { RunSettled, Verdict } from '../learner.ts'
import { clusterSettings, otherKind, rememberedRuns, taskStatistics, type TaskStatisticsView } from './task-statistics.ts'

const good = { reward: 1, weight: 1 }
const bad = { reward: 0, weight: 1 }

/** A run that is named after its task, so that another verdict on it is easily said. */
const run = (task: string, settled: Partial<RunSettled> = {}): RunSettled => ({
  kind: 'run.settled',
  sequence: 1,
  occurredAt: 0,
  run: `run on ${task}`,
  shown: [],
  task,
  features: featurize({ task }),
  steps: 1,
  actions: [], taken: [],
  failed: false,
  ...settled,
})

const first = (task: string, current: Verdict, more: Partial<RunSettled> = {}): RunSettled => run(task, { current, ...more })

const viewOf = (...runs: RunSettled[]): TaskStatisticsView =>
  taskStatistics.view(runs.reduce((state, run) => taskStatistics.learn(state, run), taskStatistics.initial()))

const runsIn = (view: TaskStatisticsView): number => view.kinds().reduce((sum, { runs }) => sum + runs, 0)

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
    const kind = view.kindOf({ task: 'translate the contract into Norwegian' })
    expect(kind).toBe('translate contract')
    expect(view.of(kind)).toMatchObject({ success: 1, learned: true })
    expect(view.kindOf({ task: 'sing a song' })).toBe(otherKind)
    expect(view.kindOf({ task: 'sing a song', category: 'music' })).toBe('music')
  })

  it('names a kind for good with its fifth task', () => {
    const names = new Set<string | undefined>()
    let state = taskStatistics.initial()
    for (let number = 0; number < 200; number += 1) {
      state = taskStatistics.learn(state, first(`Cancel order ${number} by telephone${number % 7} ${number > 4 ? 'and call me back' : ''}`, good))
      if (number >= 4) names.add(taskStatistics.view(state).kinds()[0]?.kind)
    }
    expect([...names]).toEqual(['cancel order'])
  })

  it('takes a changed or withdrawn verdict out of the row it was counted in', () => {
    const runs = [first('translate the contract', good, { durationMs: 10 }), first('count my orders', bad)]
    const changed = run('translate the contract', { previous: good, current: bad, durationMs: 10 })
    expect(viewOf(...runs, changed).kinds()).toEqual(viewOf(first('translate the contract', bad, { durationMs: 10 }), runs[1] ?? changed).kinds())
    const withdrawn = run('translate the contract', { previous: bad, durationMs: 10 })
    expect(viewOf(...runs, changed, withdrawn).kinds()).toEqual(viewOf(runs[1] ?? changed).kinds())
  })

  it('takes a verdict out of the row it was counted in, also where its task would be counted elsewhere by now', () => {
    const early = first('blue letter', good)
    const nearer = Array.from({ length: 5 }, (_, number) => first(`blue letter envelope stamp ${number}`, good))
    const runs = [early, ...nearer]
    const before = viewOf(...runs)
    const after = viewOf(...runs, run('blue letter', { previous: good }))
    expect(runsIn(after)).toBe(runsIn(before) - 1)
    expect(after.kinds().every(({ runs: count }) => count > 0)).toBe(true)
  })

  it('learns a bounded number of clusters, the youngest, and counts what fits none as other', () => {
    const random = seededRandom(2)
    const { most } = clusterSettings
    const tasks = Array.from({ length: 2 * most }, () => Array.from({ length: 6 }, () => `w${Math.floor(random() * 1e9)}`).join(' '))
    const runs = tasks.map((task, place) => first(task, place % 2 === 0 ? good : bad, { durationMs: 10, steps: 3, failed: true, cost: 2, tokens: 7 }))
    const view = viewOf(...runs)
    expect(view.kinds()).toHaveLength(most + 1)
    expect(view.of(otherKind)).toMatchObject({ runs: most, failures: most, success: 0.5, learned: false, steps: 3, cost: 2, tokens: 7, duration: { mean: 10 } })
    expect(view.kindOf({ task: tasks[0] ?? '' })).toBe(otherKind)
    expect(view.kindOf({ task: tasks.at(-1) ?? '' })).not.toBe(otherKind)
    // A run that was counted in a cluster that has dissolved since is taken out of the others.
    expect(viewOf(...runs, run(tasks[0] ?? '', { previous: good, durationMs: 10, cost: 2, tokens: 7, failed: true, steps: 3 })).of(otherKind)?.runs).toBe(most - 1)
  })

  it('remembers a bounded number of runs: older ones keep the verdict that was counted, and so does what is saved', () => {
    const runs = Array.from({ length: rememberedRuns + 1 }, (_, number) => first('cancel order', good, { run: `run-${number}` }))
    expect(runsIn(viewOf(...runs, run('cancel order', { run: 'run-0', previous: good })))).toBe(rememberedRuns + 1)
    expect(runsIn(viewOf(...runs, run('cancel order', { run: 'run-1', previous: good })))).toBe(rememberedRuns)
    expect(taskStatistics.save(runs.reduce((state, one) => taskStatistics.learn(state, one), taskStatistics.initial())).length).toBeLessThan(400_000)
  })

  it('keeps a category that is called like a cluster apart', () => {
    const kind = viewOf(first('count orders', good)).kinds()[0]?.kind ?? ''
    expect(viewOf(first('count orders', good), first('x', bad, { category: kind })).kinds()).toMatchObject([
      { kind: 'count orders', runs: 1 },
      { kind: 'count orders', runs: 1 },
    ])
    expect(viewOf(first('x', good, { category: otherKind }), first('?!', bad)).kinds().map(({ success }) => success)).toEqual(expect.arrayContaining([0, 1]))
  })

  it('says that a snapshot is damaged', () => {
    expect(() => taskStatistics.load(Uint8Array.of(1, 2, 3))).toThrow(/damaged/)
  })
})
