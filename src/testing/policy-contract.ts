import assert from 'node:assert/strict'
import type { Ask, Policy } from '../decide/policy.ts'
import { seededRandom, shuffled } from '../decide/random.ts'
import type { Law } from './law.ts'

const tolerance = 1e-9
const seed = 1

/**
 * The laws of a policy, to be checked over a view of its learner and some asks; make the asks with {@link asksOf}.
 *
 * @param view the view of the learner that the policy names; undefined for a policy that learns nothing
 *
 * @example
 * ```ts
 * import { defaultPolicy, optionModel, seededRandom } from 'autodidact'
 * import { asksOf, policyLaws } from 'autodidact/testing'
 *
 * const view = optionModel.view(optionModel.initial())
 * for (const law of policyLaws(defaultPolicy(), view, asksOf(seededRandom(1)))) law.check()
 * ```
 */
export const policyLaws = <View>(policy: Policy<View>, view: View, asks: readonly Ask[]): Law[] => {
  const weigh = (ask: Ask): Float64Array => policy.weigh(view, ask, policy.estimated ? seededRandom(seed) : undefined)

  const laws: Law[] = [
    {
      name: 'has a name',
      check: () => {
        assert.match(policy.name, /^[a-z][a-z0-9-]*$/)
      },
    },
    {
      name: 'gives every option a weight from 0 to 1, and the weights sum to 1',
      check: () => {
        for (const ask of asks) {
          const weights = weigh(ask)
          assert.equal(weights.length, ask.options.length)
          assert(weights.every((weight) => weight >= 0 && weight <= 1 + tolerance), 'a weight is outside of 0 to 1')
          const sum = weights.reduce((left, right) => left + right, 0)
          assert(Math.abs(sum - 1) <= tolerance, `${ask.options.length} weights sum to ${sum}`)
        }
      },
    },
    {
      name: 'the same question gives the same weights',
      check: () => {
        for (const ask of asks) assert.deepEqual(weigh(ask), weigh(ask))
      },
    },
    {
      name: 'the question is not changed',
      check: () => {
        for (const ask of asks) {
          const before = structuredClone(ask)
          weigh(ask)
          policy.expect?.(view, ask)
          assert.deepEqual(ask, before)
        }
      },
    },
  ]
  if (!policy.estimated) {
    laws.push({
      name: 'exact weights take no random numbers',
      check: () => {
        for (const ask of asks) {
          policy.weigh(view, ask, () => assert.fail('a policy with exact weights drew a number'))
        }
      },
    })
  }
  if (policy.learner !== undefined && !policy.estimated) {
    laws.push({
      name: 'the order of the options does not matter',
      check: () => {
        for (const ask of asks) {
          const order = shuffled([...ask.options.keys()], seededRandom(seed))
          const options = order.flatMap((index) => ask.options[index] ?? [])
          const moved = weigh({ ...ask, options, similarities: Float64Array.from(order, (index) => ask.similarities[index] ?? 0) })
          const weights = weigh(ask)
          for (const [place, index] of order.entries()) {
            assert(Math.abs((moved[place] ?? 0) - (weights[index] ?? 0)) <= tolerance, `option ${index} weighs differently at place ${place}`)
          }
        }
      },
    })
  }
  if (policy.expect !== undefined) {
    laws.push({
      name: 'expects a reward in [0, 1] of every option',
      check: () => {
        for (const ask of asks) {
          const expected = policy.expect?.(view, ask)
          assert.equal(expected?.length, ask.options.length)
          assert(expected?.every((reward) => reward >= 0 && reward <= 1), 'an expected reward is outside of [0, 1]')
        }
      },
    })
  }
  return laws
}
