import { assert as holds, array, constantFrom, double, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import type { Autodidact } from '../autodidact.ts'
import { opened } from '../../test/support/instance.ts'
import { learnedShare, statedShares } from './personal.ts'

const options = ['a', 'b', 'c'].map((id) => ({ id }))

test('stated preferences share the decisions by their strengths, and never more than all of them', () => {
  const stated = array(record({ option: constantFrom('a', 'b', 'c', 'not offered'), strength: double({ min: 0.01, max: 1, noNaN: true }), point: constantFrom('p', 'other') }), { maxLength: 6 })
  holds(
    property(stated, (choices) => {
      const shares = statedShares(choices.map((choice, place) => ({ name: `n${place}`, id: `id${place}`, sequence: place, choice })), 'p', options)
      const counting = choices.filter(({ point, option }) => point === 'p' && option !== 'not offered')
      if (shares === undefined) {
        expect(counting).toHaveLength(0)
        return
      }
      expect(shares.preferred.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
      expect(shares.share).toBeCloseTo(1 - counting.reduce((left, { strength }) => left * (1 - strength), 1), 9)
    }),
  )
})

test('a lead that may be chance decides nothing; a sure one at most nine of ten', () => {
  const [expected, even] = [Float64Array.of(0.5, 0.5), Float64Array.of(0.5, 0.5)]
  const lead = (advantage: number, variance: number) => learnedShare(expected, [{ advantage, variance }, { advantage: -advantage, variance }], even)
  expect(lead(0.09, 0.02)).toBeUndefined()
  expect(lead(0.2, 0.02)).toEqual({ place: 0, share: expect.closeTo(0.75, 9) })
  expect(lead(0.4, 0.0001)).toEqual({ place: 0, share: 0.9 })
  expect(lead(-0.2, 0.02)).toEqual({ place: 1, share: expect.closeTo(0.75, 9) })
  expect(learnedShare(Float64Array.of(0.5), [{ advantage: 0.4, variance: 0 }], Float64Array.of(1))).toBeUndefined()
  // A taste that does not make up for what is expected changes nothing.
  expect(learnedShare(Float64Array.of(0.9, 0.1), [{ advantage: -0.1, variance: 0.0001 }, { advantage: 0.1, variance: 0.0001 }], even)).toBeUndefined()
  // Whoever dislikes what is taken as a rule gets the best of the others, also where these are alike.
  const disliked = [{ advantage: -0.3, variance: 0.001 }, { advantage: 0, variance: 0 }, { advantage: 0, variance: 0 }]
  expect(learnedShare(Float64Array.of(0.6, 0.5, 0.4), disliked, Float64Array.of(0.98, 0.01, 0.01))).toMatchObject({ place: 1, share: 0.9 })
})

const styles = ['short', 'long']

/** One decision for somebody who likes one style, and what they say of it. */
const live = async (autodidact: Autodidact, user: string, likes: string): Promise<number> => {
  const decision = await autodidact.decide('style', styles, { user })
  const { run } = await autodidact.record({ run: decision.run, user, task: 'Explain closures', response: decision.option })
  await autodidact.feedback(run, decision.option === likes ? 'up' : 'down', { author: user })
  return decision.probabilities[likes] ?? 0
}

test('two users of opposite tastes each get theirs, and the propensity of each decision is the probability it was drawn with', async () => {
  const { autodidact, facts } = await opened({ seed: 5 })
  let last = [0, 0]
  for (let day = 0; day < 40; day += 1) last = [await live(autodidact, 'ada', 'short'), await live(autodidact, 'grace', 'long')]
  for (const share of last) expect(share).toBeGreaterThan(0.8)
  const decisions = await facts('decision.made')
  expect(decisions.filter(({ data }) => data.personal?.learned !== undefined).length).toBeGreaterThan(40)
  for (const { data } of decisions) {
    if (!('floor' in data.probabilities)) continue
    const exception = data.probabilities.exceptions.find(([place]) => place === data.index)
    expect(data.propensity).toBe(exception?.[1] ?? data.probabilities.floor)
  }
  // Whoever is nobody, or new, is everybody.
  const [nobody, stranger] = [await autodidact.decide('style', styles), await autodidact.decide('style', styles, { user: 'linus' })]
  expect(nobody.probabilities).toEqual(stranger.probabilities)
  const off = await opened({ personalisation: false })
  for (let day = 0; day < 5; day += 1) await live(off.autodidact, 'ada', 'short')
  expect((await off.facts('decision.made')).every(({ data }) => data.personal === undefined)).toBe(true)
})

test('a policy that learns nothing is not changed by what was learned of anybody', async () => {
  const { autodidact } = await opened({ points: { style: { policy: 'uniform' } } })
  for (let day = 0; day < 30; day += 1) for (const [user, likes] of [['ada', 'short'], ['grace', 'long']] as const) expect(await live(autodidact, user, likes)).toBe(0.5)
})
