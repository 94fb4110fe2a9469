import { array, assert as holds, integer, property, tuple, uniqueArray } from 'fast-check'
import { expect, test } from 'vitest'
import { TermSets } from './term-sets.ts'

const cosine = (sets: readonly (readonly number[])[], left: readonly number[], right: readonly number[]): number => {
  const weight = (term: number): number => Math.log(1 + (sets.length + 16) / (1 + sets.filter((set) => set.includes(term)).length)) ** 2
  const sum = (terms: readonly number[]): number => terms.reduce((total, term) => total + weight(term), 0)
  const shared = left.filter((term) => right.includes(term))
  return shared.length === 0 ? 0 : sum(shared) / Math.sqrt(sum(left) * sum(right))
}

const terms = uniqueArray(integer({ min: 0, max: 12 }), { maxLength: 6 })

test('similarities are cosines weighted by rarity, whatever was put where before', () => {
  holds(
    property(array(tuple(integer({ min: 0, max: 4 }), terms), { maxLength: 20 }), terms, (puts, asked) => {
      const [sets, kept]: [number[][], TermSets] = [[], new TermSets()]
      for (const [at, set] of puts) {
        const place = Math.min(at, sets.length)
        sets[place] = set
        kept.put(place, Uint32Array.from(set))
      }
      const expected = sets.map((set) => cosine(sets, asked, set))
      const found = kept.similarities(Uint32Array.from(asked))
      expect(found).toHaveLength(expected.length)
      for (const [place, value] of expected.entries()) expect(found[place]).toBeCloseTo(value, 12)
      expect(sets.map((_, place) => [...kept.at(place)])).toEqual(sets)
    }),
  )
})

test('the same terms are 1 alike, others 0, and rare ones say more than common ones', () => {
  const kept = new TermSets()
  const sets = [[1, 2], [1, 3], [1, 4], [5, 6]]
  for (const [place, set] of sets.entries()) kept.put(place, Uint32Array.from(set))
  const [same, common, , other] = kept.similarities(Uint32Array.of(1, 2))
  expect(same).toBeCloseTo(1, 12)
  expect(common).toBeLessThan(0.5)
  expect(other).toBe(0)
})
