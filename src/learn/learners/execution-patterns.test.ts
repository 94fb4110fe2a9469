import { describe, expect, test } from 'vitest'
import { featurize } from '../features.ts'
import type { RunSettled, Verdict } from '../learner.ts'
import { createExecutionPatterns, type ExecutionPattern, executionPatterns, type ExecutionPatternsState } from './execution-patterns.ts'

const good: Verdict = { reward: 1, weight: 1 }
const bad: Verdict = { reward: 0, weight: 1 }

let sequence = 0

const run = (settled: Partial<RunSettled>): RunSettled => ({
  kind: 'run.settled', sequence: (sequence += 1), occurredAt: 0, run: 'r', shown: [], task: 'x', features: featurize({ task: 'x' }),
  steps: 1, actions: [], taken: [], failed: false, ...settled,
})

const learned = (runs: readonly RunSettled[], learner = executionPatterns): readonly ExecutionPattern[] =>
  learner.view(runs.reduce((state, each) => learner.learn(state, each), learner.initial())).patterns()

describe('execution patterns', () => {
  test('count successes and failures by category, type, complexity and approach', () => {
    const same = { category: 'frontend', type: 'feature', approach: 'incremental' }
    const patterns = learned([
      run({ ...same, current: good, durationMs: 100, steps: 4, actions: ['edit', 'edit', 'test'], failures: [0], factors: ['small steps'] }),
      run({ ...same, current: bad, durationMs: 300, steps: 2, actions: ['edit'] }),
      run({ ...same, approach: 'parallel', current: bad }),
      run({ ...same, effort: 6, dependencies: ['a'], current: good }),
      run({ current: good }),
    ])
    expect(patterns).toHaveLength(4)
    expect(patterns[0]).toEqual({
      ...same, complexity: 'low', runs: 2, weight: 2, reward: 1, durationMs: 200, steps: 3,
      tools: new Map([['edit', { runs: 2, weight: 2, reward: 1, calls: 3, failed: 1 }], ['test', { runs: 1, weight: 1, reward: 1, calls: 1, failed: 0 }]]),
      factors: new Map([['small steps', { runs: 1, weight: 1, reward: 1 }]]),
    })
    expect(patterns.map(({ approach, complexity }) => `${approach} ${complexity}`).toSorted()).toEqual(['incremental low', 'incremental medium', 'parallel low', 'standard low'])
  })

  test('are the same after a snapshot, however long a run claims to have taken, and without it once it is withdrawn', () => {
    const endless = run({ run: 'endless', durationMs: Number.MAX_VALUE })
    const long = ['a', 'b'].map((id) => ({ ...endless, run: id, current: good }))
    const learner = executionPatterns
    const patternsOf = (state: ExecutionPatternsState): readonly ExecutionPattern[] => learner.view(state).patterns()
    const live = [run({ current: good, durationMs: 100 }), ...long].reduce((state, each) => learner.learn(state, each), learner.initial())
    const saved = learner.load(learner.save(live))
    expect(patternsOf(saved)).toEqual(patternsOf(live))
    expect(patternsOf(live)[0]?.durationMs).toBeLessThan(1e13)
    const left = long.reduce((state, { current, ...one }) => learner.learn(state, { ...one, previous: current }), saved)
    expect(patternsOf(left)).toMatchObject([{ runs: 1, durationMs: 100 }])
  })

  test('follow verdicts that change, and forget what is withdrawn', () => {
    const same = { approach: 'parallel', actions: ['edit'], factors: ['luck'] }
    const before = [run({ ...same, current: good })]
    expect(learned([...before, run({ ...same, previous: good, current: { reward: 0.25, weight: 0.5 } })])[0]).toMatchObject({ runs: 1, weight: 0.5, reward: 0.125 })
    expect(learned([...before, run({ ...same, previous: good })])).toEqual([])
  })

  test('keep what is often done however old it is, and let what is new become so', () => {
    const learner = createExecutionPatterns({ patternLimit: 16 })
    const often = Array.from({ length: 5 }, () => run({ category: 'old and frequent', current: bad }))
    const rare = Array.from({ length: 200 }, (_, place) => run({ category: `rare ${place}`, current: good }))
    const patterns = learned([...often, ...rare, run({ category: 'new', current: good }), run({ category: 'new', current: bad })], learner)
    expect(patterns.length).toBeLessThanOrEqual(16)
    expect(patterns.slice(0, 2).map(({ category, runs }) => [category, runs])).toEqual([['old and frequent', 5], ['new', 2]])
    expect(patterns.some(({ category }) => category === 'rare 199')).toBe(true)
    expect(patterns.some(({ category }) => category === 'rare 0')).toBe(false)
  })

  test('count a failed call as tried, and take it out again', () => {
    const same = { actions: ['search', 'read', 'search'], failures: [0, 2] }
    const left = { actions: ['search'], current: good }
    const [pattern] = learned([run(left), run({ ...same, current: bad }), run({ ...same, previous: bad, current: { reward: 0, weight: 0.5 } })])
    expect(pattern?.tools.get('search')).toEqual({ runs: 2, weight: 1.5, reward: 1, calls: 3, failed: 2 })
    expect(learned([run(left), run({ ...same, current: bad }), run({ ...same, previous: bad })])[0]?.tools).toEqual(new Map([['search', { runs: 1, weight: 1, reward: 1, calls: 1, failed: 0 }]]))
  })

  test('keep the names that occur often', () => {
    const runs = Array.from({ length: 100 }, (_, place) => run({ current: good, actions: ['edit', `tool ${place}`] }))
    const [pattern] = learned(runs)
    expect(pattern?.tools.size).toBe(32)
    expect(pattern?.tools.get('edit')?.runs).toBe(100)
  })

  test('with another limit are another state', () => {
    expect(createExecutionPatterns({ patternLimit: 1_000 }).name).toBe('execution-patterns')
    expect(createExecutionPatterns({ patternLimit: 2_000 }).name).not.toBe('execution-patterns')
    expect(() => createExecutionPatterns({ patternLimit: 1 })).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
    expect(() => executionPatterns.load(new TextEncoder().encode('{'))).toThrow(expect.objectContaining({ code: 'CORRUPT' }))
  })
})
