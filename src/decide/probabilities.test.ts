import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { packProbabilities, unpackProbabilities } from './probabilities.ts'

const through = (weights: readonly number[]) => {
  const stored = packProbabilities(Float64Array.from(weights))
  // As the log holds it.
  return { stored, read: [...unpackProbabilities(JSON.parse(JSON.stringify(stored)), weights.length)] }
}

test('a few exceptions from a floor come back exactly, in a form that does not grow with the options', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 20, max: 500 }), fc.dictionary(fc.nat(19).map(String), fc.double({ min: 0, max: 1, noNaN: true }), { maxKeys: 8 }), (floor, count, exceptions) => {
      const weights = Array.from({ length: count }, (_, place) => (exceptions[place] ?? floor) + 0)
      const { stored, read } = through(weights)
      expect(read).toEqual(weights)
      expect(JSON.stringify(stored).length).toBeLessThan(400)
    }),
  )
})

test('any weights come back to the precision of float32, in about five bytes each', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 200 }), (weights) => {
      const { stored, read } = through(weights)
      expect(read.map(Math.fround)).toEqual(weights.map(Math.fround))
      if ('packed' in stored) expect(JSON.stringify(stored).length).toBeLessThan(30 + 6 * weights.length)
    }),
  )
})
