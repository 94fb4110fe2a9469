import { expect, test } from 'vitest'
import { featurize } from '../learn/features.ts'
import { greedy } from '../decide/policies/greedy.ts'
import type { Ask, Policy } from '../decide/policy.ts'
import type { DecisionSettled } from '../learn/learner.ts'
import { learnedFrom, recommendedIn, weighed } from './counterfactual.ts'
import { mostSettlements } from './evidence.ts'
import { type Case, taughtBy } from './teaching.ts'

const features = featurize({ task: 'count the orders of today' })
const ask: Ask = { point: 'tool', options: [{ id: 'search' }, { id: 'sql' }], features, similarities: Float64Array.of(0, 0.3) }

const settled = (run: string, option: string, reward: number, place: number): DecisionSettled => ({
  kind: 'decision.settled',
  sequence: place,
  occurredAt: place,
  run,
  decision: `decision of ${run}`,
  point: 'tool',
  option,
  followed: true,
  propensity: 1,
  features,
  similarity: option === 'sql' ? 0.3 : 0,
  current: { reward, weight: 1 },
})

const settlements = [settled('for', 'search', 1, 1), settled('against', 'sql', 0, 2), settled('also', 'search', 1, 3)]
const given: Case = { policy: greedy(), policyName: 'greedy', seed: 1, ask, recommended: 0, settlements, total: settlements.length, isPersonal: false }

const recommendedWithout = (runs: readonly string[]): number | undefined =>
  recommendedIn(weighed({ policy: greedy(), ask, seed: 1 }, learnedFrom(settlements, new Set(runs))))

test('the set that is found decides, and no run of it could be spared', async () => {
  const { teaching, candidates, expected } = await taughtBy(given)
  const named = candidates.map(({ run }) => run)
  expect(teaching).toBe('found')
  expect(recommendedWithout(named)).toBe(1)
  for (const spared of named) expect(recommendedWithout(named.filter((run) => run !== spared))).toBe(0)
  expect(expected?.[0]).toBeGreaterThan(expected?.[1] ?? Number.NaN)
})

test('above the limit the runs that moved it most are shown, and nothing is claimed', async () => {
  const { teaching, reason, candidates } = await taughtBy({ ...given, total: mostSettlements + 1 })
  expect(teaching).toBe('unproven')
  expect(reason).toContain(String(mostSettlements))
  expect(candidates.map(({ run }) => run)).toContain('for')
  const contributions = candidates.map(({ contribution }) => contribution)
  expect(contributions).toEqual([...contributions].sort((left, right) => right - left))
  expect(Math.min(...contributions)).toBeGreaterThan(0)
})

test.each<[string, Policy | undefined, string]>([
  ['is gone', undefined, 'cannot be traced'],
  ['learns in its own way', { name: 'own', learner: 'tabular', estimated: false, weigh: () => Float64Array.of(1, 0) }, 'cannot be traced'],
])('nothing is claimed of a policy that %s', async (_, policy, because) => {
  const { teaching, reason, candidates } = await taughtBy({ ...given, policy, policyName: 'own' })
  expect({ teaching, candidates }).toEqual({ teaching: 'unproven', candidates: [] })
  expect(reason).toContain(because)
})

test('a log that no longer leads to the logged recommendation proves nothing', async () => {
  expect((await taughtBy({ ...given, settlements: [], total: 0 })).teaching).toBe('unproven')
})

test('what descriptions recommend and verdicts only confirm is taught by nobody', async () => {
  const confirmed = [settled('for', 'sql', 1, 1), settled('again', 'sql', 1, 2)]
  expect(await taughtBy({ ...given, recommended: 1, settlements: confirmed, total: 2 })).toMatchObject({ teaching: 'untaught', candidates: [] })
})

test('a decision that was partly its user’s own is no proof of what the policy learned', async () => {
  expect(await taughtBy({ ...given, isPersonal: true })).toMatchObject({ teaching: 'unproven', candidates: [] })
})
