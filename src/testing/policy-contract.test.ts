import { assert as holds, integer, property } from 'fast-check'
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { policyOf } from '../decide/policies.ts'
import type { Policy } from '../decide/policy.ts'
import { seededRandom } from '../decide/random.ts'
import type { Learner } from '../learn/learner.ts'
import { optionModel } from '../learn/learners/option-model.ts'
import { asksOf, experienceStream } from './experience-stream.ts'
import { policyLaws } from './policy-contract.ts'

const folder = new URL('../decide/policies/', import.meta.url)

const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))

/** Every function that a policy file exports makes a policy with its default settings when called without arguments. */
const policies = await Promise.all(
  files.map(async (file) => {
    const exported = (await import(new URL(file, folder).href)) as Record<string, unknown>
    const made = Object.values(exported).flatMap((value) => (typeof value === 'function' ? [(value as () => Policy)()] : []))
    return { file, policies: made }
  }),
)

/** Settings that make other weights of a policy, or another algorithm of its learner. */
const configured = {
  file: 'with settings',
  policies: [
    policyOf({ name: 'epsilon-greedy', epsilon: 1 }),
    policyOf({ name: 'softmax', temperature: 0.001 }),
    policyOf({ name: 'squarecb', gammaScale: 1, epsilon: 0.2 }),
    policyOf({ name: 'linucb', forgetting: 0.9, alpha: 3, epsilon: 0 }),
    policyOf({ name: 'thompson-dynamic', capacity: 3, draws: 10 }),
    policyOf({ name: 'thompson-linear', forgetting: 0.9, scale: 2, draws: 1 }),
    policyOf({ name: 'thompson-logistic', precision: 4, scale: 2, draws: 10 }),
    policyOf({ name: 'q-learning', discount: 0, start: 1, halving: 10, firstEpsilon: 0, lastEpsilon: 0 }),
    policyOf({ name: 'policy-gradient', hidden: 4, inputs: 'numbers', baseline: 'episode', epsilon: 0.1 }),
  ],
}

const viewFor = (policy: Policy, seed: number): unknown => {
  if (policy.learner === undefined) return undefined
  const learner: Learner = policy.needs ?? optionModel
  expect(learner.name, `the policy ${policy.name} weighs with ${policy.learner}, and needs another`).toBe(policy.learner)
  return learner.view(experienceStream(seededRandom(seed), 40).reduce((state, experience) => learner.learn(state, experience), learner.initial()))
}

describe.each([...policies, configured])('$file', ({ policies }) => {
  it('exports a policy', () => {
    expect(policies).not.toHaveLength(0)
  })

  it.each(policies)('$name keeps every law', (policy) => {
    holds(
      property(integer(), (seed) => {
        for (const law of policyLaws(policy, viewFor(policy, seed), asksOf(seededRandom(seed)))) expect(law.check, law.name).not.toThrow()
      }),
      { numRuns: 3 },
    )
  })
})

/** Names of the laws that a policy breaks. */
const broken = (policy: Policy): string[] =>
  policyLaws(policy, undefined, asksOf(seededRandom(1))).flatMap((law) => {
    try {
      law.check()
      return []
    } catch {
      return [law.name]
    }
  })

describe('the laws', () => {
  const uniform: Policy = {
    name: 'uniform',
    learner: 'none',
    estimated: false,
    weigh: (_view, { options }) => new Float64Array(options.length).fill(1 / options.length),
    expect: (_view, { options }) => new Float64Array(options.length).fill(0.5),
  }
  let calls = 0

  it('hold for a policy that keeps them', () => {
    expect(broken(uniform)).toEqual([])
  })

  it.each<[string, Partial<Policy>]>([
    ['has a name', { name: '' }],
    ['gives every option a weight from 0 to 1, and the weights sum to 1', { weigh: (_view, { options }) => new Float64Array(options.length) }],
    ['the same question gives the same weights', { weigh: (_view, { options }) => new Float64Array(options.length).fill((calls += 1)) }],
    ['the question is not changed', { weigh: (_view, { similarities }) => similarities.fill((similarities[0] ?? 0) + 1) }],
    ['exact weights take no random numbers', { weigh: (_view, { options }, random) => new Float64Array(options.length).fill(random?.() ?? 1) }],
    ['the order of the options does not matter', { weigh: (_view, { options }) => Float64Array.from(options, (_, index) => (index === 0 ? 1 : 0)) }],
    ['expects a reward in [0, 1] of every option', { expect: () => Float64Array.of(3) }],
  ])('catch one that breaks "%s"', (law, fault) => {
    expect(broken({ ...uniform, ...fault })).toContain(law)
  })
})
