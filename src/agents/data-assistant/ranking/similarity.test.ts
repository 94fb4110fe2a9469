import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { SimilarityIndex } from './similarity.ts'

const terms = fc.uniqueArray(fc.nat(12), { minLength: 1, maxLength: 6 })

test('a set is wholly similar to itself, less to others, and not at all to what shares nothing or was removed', () => {
  fc.assert(
    fc.property(fc.array(terms, { minLength: 2, maxLength: 12 }), fc.nat(), (sets, pick) => {
      const index = new SimilarityIndex()
      for (const set of sets) index.add(set)
      const gone = pick % sets.length
      index.remove(gone)
      sets.forEach((set) => {
        const similarities = index.of(set)
        sets.forEach((other, at) => {
          const similarity = similarities[at] ?? -1
          if (at === gone || !other.some((term) => set.includes(term))) expect(similarity).toBe(0)
          else if (other.length === set.length && other.every((term) => set.includes(term))) expect(similarity).toBeCloseTo(1, 12)
          else expect(similarity > 0 && similarity < 1).toBe(true)
        })
      })
    }),
  )
})

test('removing leaves an index as if the set had never been there', () => {
  const [one, other] = [new SimilarityIndex(), new SimilarityIndex()]
  one.add([1, 2])
  other.add([1, 2])
  one.add([2, 3])
  one.remove(1)
  expect([...one.of([2, 5])]).toEqual([...other.of([2, 5]), 0])
  expect(one.holders(3)).toBe(0)
})
