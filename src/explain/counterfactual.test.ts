import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { featurize } from '../learn/features.ts'
import { defaultPolicy } from '../decide/policies/default.ts'
import type { Ask } from '../decide/policy.ts'
import type { DecisionSettled, Verdict } from '../learn/learner.ts'
import { Budget, byEffect, byOverlap, decisiveFirst, learnedFrom, recommendedIn, standing, thinned, weighed } from './counterfactual.ts'

const ask: Ask = {
  point: 'tool',
  options: [{ id: 'search' }, { id: 'sql' }, { id: 'mail' }],
  features: featurize({ task: 'count the orders of today' }),
  similarities: Float64Array.of(0.2, 0.4, 0),
}
const posed = { policy: defaultPolicy(), ask, seed: 1 }

interface Told {
  readonly run: string
  readonly option: string
  readonly task: string
  readonly reward?: number
  readonly previous?: number
}

const believed = (reward: number): Verdict => ({ reward, weight: 1 })

const settled = ({ run, option, task, reward, previous }: Told, place: number): DecisionSettled => ({
  kind: 'decision.settled',
  sequence: place + 1,
  occurredAt: place,
  run,
  decision: `decision of ${run}`,
  point: 'tool',
  option,
  followed: true,
  propensity: 1,
  features: featurize({ task }),
  similarity: 0.3,
  ...(previous === undefined ? {} : { previous: believed(previous) }),
  ...(reward === undefined ? {} : { current: believed(reward) }),
})

const history = [
  { run: 'a', option: 'search', task: 'count the orders of today', reward: 1 },
  { run: 'b', option: 'sql', task: 'count the orders of today', reward: 0 },
  { run: 'c', option: 'search', task: 'something else entirely', reward: 1 },
  { run: 'd', option: 'mail', task: 'write to ada', reward: 0 },
].map(settled)

/** Different as soon as all of some items are left out. */
const whenWithout =
  (needed: readonly number[]) =>
  async (without: readonly number[]): Promise<boolean> =>
    needed.every((item) => without.includes(item))

const plenty = (): Budget => new Budget(100_000)

/** The items 0 to size − 1, and those that make the difference. */
const problem = fc.integer({ min: 1, max: 60 }).chain((size) =>
  fc.record({ size: fc.constant(size), needed: fc.uniqueArray(fc.integer({ min: 0, max: size - 1 }), { minLength: 1 }) }),
)

const first = (size: number): number[] => Array.from({ length: size }, (_, item) => item)

/** By how much the first option stands above the second. */
const margin = (values: Float64Array): number => (values[0] ?? 0) - (values[1] ?? 0)

describe('the option model folded without some runs', () => {
  test('is the model that never saw them', () => {
    const without = learnedFrom(history, new Set(['b', 'd']))
    const never = learnedFrom(history.filter(({ run }) => run !== 'b' && run !== 'd'))
    expect([...without.values(ask)]).toEqual([...never.values(ask)])
  })

  test('recommends by experience, and by description when nothing was learned', () => {
    expect(recommendedIn(weighed(posed, learnedFrom(history)))).toBe(0)
    expect(recommendedIn(weighed(posed, learnedFrom([])))).toBe(1)
  })
})

test.each([
  [[0.98, 0.02], 0],
  [[0.01, 0.01, 0.98], 2],
  [[0.49, 0.49, 0.02], undefined],
  [[1], 0],
])('of the probabilities %j the recommended place is %j', (probabilities, place) => {
  expect(recommendedIn(Float64Array.from(probabilities))).toBe(place)
})

describe('the verdicts that stand', () => {
  test('are the last of each decision, and none where it was withdrawn', () => {
    const told: Told[] = [
      { run: 'a', option: 'sql', task: 'x', reward: 1 },
      { run: 'b', option: 'sql', task: 'x', reward: 1 },
      { run: 'a', option: 'sql', task: 'x', previous: 1, reward: 0 },
      { run: 'b', option: 'sql', task: 'x', previous: 1 },
    ]
    expect(standing(told.map(settled)).map(({ run, current }) => [run, current?.reward])).toEqual([['a', 0]])
  })
})

describe('the order of candidates', () => {
  test('by overlap puts what was earned on the same task first, and success of the rival last', () => {
    const more = [...history, ...[{ run: 'e', option: 'sql', task: 'count the orders of today', reward: 1 }].map(settled)]
    const order = byOverlap(more, posed, 0.5, 0, 1)
    expect(new Set(order.slice(0, 2).map(({ run }) => run))).toEqual(new Set(['a', 'b']))
    expect(order.at(-1)).toMatchObject({ run: 'e' })
    expect(order.find(({ run }) => run === 'd')?.contribution).toBe(0)
  })

  test('by effect adds up to all that was learned of the difference', () => {
    const sum = byEffect(history, posed, 0, 1).reduce((total, { contribution }) => total + contribution, 0)
    expect(sum).toBeCloseTo(margin(learnedFrom(history).values(ask)) - margin(learnedFrom([]).values(ask)), 12)
  })
})

describe('the search', () => {
  test('finds the shortest beginning that is decisive', async () => {
    await fc.assert(
      fc.asyncProperty(problem, async ({ size, needed }) => {
        const found = await decisiveFirst(first(size), whenWithout(needed), plenty())
        expect(found).toEqual(first(Math.max(...needed) + 1))
      }),
    )
  })

  test('thins it to exactly what is needed', async () => {
    await fc.assert(
      fc.asyncProperty(problem, async ({ size, needed }) => {
        const found = await thinned(first(size), whenWithout(needed), plenty())
        expect(found).toEqual([...needed].sort((left, right) => left - right))
      }),
    )
  })

  test('keeps to its budget, and what it returns is decisive however little it may try', async () => {
    await fc.assert(
      fc.asyncProperty(problem, fc.integer({ min: 0, max: 30 }), async ({ size, needed }, tries) => {
        const budget = new Budget(tries)
        let tried = 0
        const differs = async (without: readonly number[]): Promise<boolean> => {
          tried += 1
          return whenWithout(needed)(without)
        }
        const decisive = await decisiveFirst(first(size), differs, budget)
        const found = decisive && (await thinned(decisive, differs, budget))
        expect(tried).toBeLessThanOrEqual(tries)
        if (found !== undefined) expect(await whenWithout(needed)(found)).toBe(true)
      }),
    )
  })

  test('finds nothing where nothing makes a difference, without asking for ever', async () => {
    const budget = plenty()
    expect(await decisiveFirst(first(50), async () => false, budget)).toBeUndefined()
    expect(await decisiveFirst([], async () => true, budget)).toBeUndefined()
    expect(budget.spent).toBe(false)
  })
})
