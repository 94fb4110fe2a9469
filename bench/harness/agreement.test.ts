import { expect, test } from 'vitest'
import { seededRandom } from '../../src/index.ts'
import { agreement } from './agreement.ts'

test('the same groups agree, whatever they are called', () => {
  expect(agreement(['a', 'a', 'b', 'c'], ['x', 'x', 'y', 'z'])).toEqual({ purity: 1, adjustedRand: 1 })
})

test('groups drawn at random agree by chance only', () => {
  const random = seededRandom(1)
  const drawn = (): string[] => Array.from({ length: 5_000 }, () => `${Math.floor(random() * 4)}`)
  const { purity, adjustedRand } = agreement(drawn(), drawn())
  expect(Math.abs(adjustedRand)).toBeLessThan(0.01)
  expect(purity).toBeLessThan(0.3)
})

test('the published example of a contingency table', () => {
  // Hubert and Arabie's index for the table [[1, 1, 0], [1, 2, 1], [0, 0, 4]] (Yeung and Ruzzo 2001): .313.
  const found = ['1', '1', '2', '2', '2', '2', '3', '3', '3', '3']
  const given = ['1', '2', '1', '2', '2', '3', '3', '3', '3', '3']
  expect(agreement(found, given).adjustedRand).toBeCloseTo(0.313, 3)
  expect(agreement(found, given).purity).toBe(0.7)
})
