import { array, assert, constantFrom, double, property, record, shuffledSubarray } from 'fast-check'
import { expect, it } from 'vitest'
import type { Voice } from '../learner.ts'
import { VoiceSums } from './voice-sums.ts'

const voices = array(
  record({ source: constantFrom('host', 'app'), user: constantFrom('ada', 'grace', undefined), agent: constantFrom('coder', undefined), reward: double({ min: 0, max: 1, noNaN: true }), weight: constantFrom(1, 0.7, 0.3, 1 / 3) }),
  { maxLength: 30 },
)

const sumsOf = (said: readonly Voice[]): VoiceSums => {
  const sums = new VoiceSums()
  for (const voice of said) sums.add(voice, 1)
  return sums
}

const by = (user: string, reward: number): Voice => ({ source: 'host', user, reward, weight: 1 })

it('what is taken back leaves nothing behind, in whatever order', () => {
  assert(
    property(voices.chain((said) => shuffledSubarray(said).map((back) => ({ said, back }))), ({ said, back }) => {
      const sums = sumsOf(said)
      for (const voice of back) sums.add(voice, -1)
      expect(sums.save()).toEqual(sumsOf(said.filter((voice) => !back.includes(voice))).save())
      expect(new VoiceSums(sums.save()).save()).toEqual(sums.save())
    }),
  )
})

it('each judge is compared with itself', () => {
  // Ada is strict and Grace is lenient: both say the same of this as of the rest, though more of it was judged by Ada.
  const heard = [...Array.from({ length: 8 }, () => by('ada', 0.25)), by('grace', 1)]
  const rest = [...Array.from({ length: 200 }, () => by('ada', 0.25)), ...Array.from({ length: 200 }, () => by('grace', 1))]
  const { rate, expected } = sumsOf(heard).comparedWith(sumsOf([...heard, ...rest]), 8)
  expect(rate).toBeCloseTo((8 * 0.25 + 1) / 9, 9)
  expect(Math.abs(rate - expected)).toBeLessThan(0.01)
})

it('one judge counts with so much weight at most', () => {
  const heard = sumsOf([...Array.from({ length: 1000 }, () => by('eve', 0)), by('ada', 1), by('grace', 1)])
  expect(heard.comparedWith(heard, 8)).toMatchObject({ weight: 10, rate: 0.2, expected: 0.5 })
  expect(heard.weight).toBe(1002)
})

it('stays small, whoever speaks', () => {
  const crowd = sumsOf(Array.from({ length: 10_000 }, (_, place) => by(`name ${place}`, 0)))
  expect(crowd.save().length).toBeLessThanOrEqual(64)
})
