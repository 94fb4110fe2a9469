import { describe, expect, test } from 'vitest'
import { featurize } from '../features.ts'
import type { DecisionSettled, Experience, RunSettled, Verdict } from '../learner.ts'
import { workflowId } from '../../workflows/workflow-id.ts'
import { workflows, type WorkflowsView } from './workflows.ts'

const good: Verdict = { reward: 1, weight: 1 }
const bad: Verdict = { reward: 0, weight: 1 }

const run = (id: string, actions: readonly string[], settled: Partial<RunSettled> = { current: good }): RunSettled => ({
  kind: 'run.settled', sequence: 1, occurredAt: 0, run: id, shown: [], task: 'x', features: featurize({ task: 'x' }), steps: actions.length, actions, taken: [], failed: false, ...settled,
})

const decision = (option: string, settled: Partial<DecisionSettled>): DecisionSettled => ({
  kind: 'decision.settled', sequence: 1, occurredAt: 0, run: 'r', decision: 'd', point: 'p', option, followed: true, propensity: 1, features: featurize({ task: 'x' }), similarity: 0, ...settled,
})

const viewOf = (...experiences: Experience[]): WorkflowsView => workflows.view(experiences.reduce((state, each) => workflows.learn(state, each), workflows.initial()))

describe('workflows', () => {
  test('take an action in a row as one', () => {
    const view = viewOf(run('a', ['look', 'look', 'fix']), run('b', ['look', 'fix', 'fix']))
    expect(view.sequences(2).map(({ actions }) => actions)).toEqual([['look', 'fix']])
  })

  test('do not count what was done because it had been offered', () => {
    const view = viewOf(run('a', ['look', 'fix']), run('b', ['look', 'fix'], { current: good, taken: [workflowId(['look', 'fix'])] }))
    expect(view.find(['look', 'fix'])?.parts[0]?.with.runs).toBe(1)
  })

  test('are found by an id that has no name in it', () => {
    const view = viewOf(run('a', ['look', 'fix']), run('b', ['look', 'fix', 'test']), run('c', ['test'], { current: undefined, previous: good }))
    expect(view.withId(workflowId(['look', 'fix']), workflowId)).toEqual(view.find(['look', 'fix']))
    expect(workflowId(['look', 'fix'])).toMatch(/^workflow:[\da-f]{32}$/)
    expect([workflowId(['look', 'nothing']), workflowId(['look']), 'workflow:look>fix', 'look'].map((id) => view.withId(id, workflowId))).toEqual([undefined, undefined, undefined, undefined])
  })

  test('remember the latest good runs as examples, and none that turned out bad', () => {
    const view = viewOf(run('a', ['look', 'fix']), run('b', ['look', 'fix']), run('c', ['look', 'fix', 'test']), run('b', ['look', 'fix'], { previous: good, current: bad }))
    expect(view.examples(['look', 'fix'], 8)).toEqual(['c', 'a'])
    expect(view.examples(['look', 'fix'], 1)).toEqual(['c'])
    expect(view.examples(['fix', 'look'], 8)).toEqual([])
    expect(viewOf(...Array.from({ length: 300 }, (_, place) => run(`r${place}`, ['look', 'fix']))).examples(['look', 'fix'], 1_000)).toHaveLength(256)
  })

  test('tell how often one was taken, by decisions as they stand', () => {
    const id = workflowId(['a', 'b'])
    const taken = [decision(id, { current: good }), decision(id, { current: bad }), decision('a', { current: good })]
    expect(viewOf(...taken).taken(id)).toEqual({ decisions: 2, reward: 0.5 })
    expect(viewOf(...taken, decision(id, { previous: bad })).taken(id)).toEqual({ decisions: 1, reward: 1 })
    expect(viewOf(...taken).taken('a')).toEqual({ decisions: 0, reward: 0 })
  })

  test('refuse a damaged snapshot by name', () => {
    expect(() => workflows.load(new TextEncoder().encode('{'))).toThrow(expect.objectContaining({ code: 'CORRUPT' }))
  })
})
