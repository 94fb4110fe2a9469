import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { isExploration, packProbabilities, unpackProbabilities } from './probabilities.ts'

const unit = fc.double({ min: 0, max: 1, noNaN: true })

const through = (weights: readonly number[]) => {
  const stored = packProbabilities(Float64Array.from(weights))
  // As the log holds it.
  return { stored, read: [...unpackProbabilities(JSON.parse(JSON.stringify(stored)), weights.length)] }
}

test('a few exceptions from a floor come back exactly, in a form that does not grow with the options', () => {
  fc.assert(
    fc.property(unit, fc.integer({ min: 20, max: 500 }), fc.dictionary(fc.nat(19).map(String), unit, { maxKeys: 8 }), (floor, count, exceptions) => {
      const weights = Array.from({ length: count }, (_, place) => (exceptions[place] ?? floor) + 0)
      const { stored, read } = through(weights)
      expect(read).toEqual(weights)
      expect(JSON.stringify(stored).length).toBeLessThan(400)
    }),
  )
})

test('any weights come back to the precision of float32, in about five bytes each', () => {
  fc.assert(
    fc.property(fc.array(unit, { minLength: 1, maxLength: 200 }), (weights) => {
      const { stored, read } = through(weights)
      expect(read.map(Math.fround)).toEqual(weights.map(Math.fround))
      if ('packed' in stored) expect(JSON.stringify(stored).length).toBeLessThan(30 + 6 * weights.length)
    }),
  )
})

test('what was drawn is told to be an exploration by the stored form as by the weights themselves', () => {
  const levels = fc.constantFrom(0.05, 0.1, 0.25, 0.5)
  fc.assert(
    fc.property(fc.array(levels, { minLength: 1, maxLength: 60 }), fc.nat(), (weights, place) => {
      const index = place % weights.length
      expect(isExploration(packProbabilities(Float64Array.from(weights)), weights[index] ?? 0)).toBe((weights[index] ?? 0) < Math.max(...weights))
    }),
  )
})
