import { describe, expect, it } from 'vitest'
import { featurize } from '../features.ts'
import type { RunSettled, Verdict } from '../learner.ts'
import { itemUsefulness, type ItemUsefulnessView } from './item-usefulness.ts'

const run = (shown: readonly string[], current?: Verdict, previous?: Verdict): RunSettled => ({
  kind: 'run.settled',
  sequence: 1,
  occurredAt: 0,
  run: 'run',
  shown,
  task: 'task',
  features: featurize({ task: 'task' }),
  steps: 1, actions: [], taken: [],
  failed: false,
  ...(current !== undefined && { current }),
  ...(previous !== undefined && { previous }),
})

const viewOf = (...runs: RunSettled[]): ItemUsefulnessView =>
  itemUsefulness.view(runs.reduce((state, run) => itemUsefulness.learn(state, run), itemUsefulness.initial()))

const good = { reward: 1, weight: 1 }

describe('item usefulness', () => {
  it('counts verdicts by reward and weight', () => {
    const view = viewOf(run(['a', 'b'], good), run(['a'], { reward: 0.25, weight: 0.5 }))
    expect(view.counts('a')).toEqual({ up: 1.125, down: 0.375 })
    expect([view.runs('a'), view.runs('c')]).toEqual([2, 0])
    expect(view.mean('a')).toBeCloseTo(2.125 / 3.5, 12)
    expect(view.counts('b')).toEqual({ up: 1, down: 0 })
    expect(view.counts('c')).toEqual({ up: 0, down: 0 })
  })

  it('counts an item once per run', () => {
    expect(viewOf(run(['a', 'a'], good)).counts('a')).toEqual({ up: 1, down: 0 })
  })

  it('replaces a verdict that changed, and forgets one that was withdrawn', () => {
    const changed = { reward: 0, weight: 0.7 }
    expect(viewOf(run(['a'], good), run(['a'], changed, good)).counts('a')).toEqual({ up: 0, down: 0.7 })
    expect(viewOf(run(['a'], good), run(['a'], changed, good), run(['a'], undefined, changed)).counts('a')).toEqual({ up: 0, down: 0 })
  })

  it('says that a snapshot is damaged', () => {
    expect(() => itemUsefulness.load(Uint8Array.of(1, 2, 3))).toThrow(/damaged/)
  })
})
