import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { none, TermPostings } from './term-postings.ts'

/** Few terms, so that lists grow, and many, so that the table does; 0 and the smallest integer are terms like others. */
const term = fc.oneof(fc.constantFrom(0, 1, -1, -(2 ** 31)), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.integer({ min: 2, max: 40 }))

const placesOf = (postings: TermPostings, ofTerm: number): Map<number, number> => {
  const places = new Map<number, number>()
  for (let entry = postings.first(ofTerm); entry !== none; entry = postings.next(entry)) places.set(postings.place(entry), postings.weight(entry))
  return places
}

test('whatever is added, weighed and removed, a term has the places that a map of maps would have', () => {
  const actions = fc.array(fc.record({ term, place: fc.nat(30), what: fc.constantFrom('add', 'add', 'remove', 'weigh') }), { maxLength: 3_000, size: 'max' })
  fc.assert(
    fc.property(actions, (list) => {
      const postings = new TermPostings()
      const model = new Map<number, Map<number, { entry: number; weight: number }>>()
      for (const { term: ofTerm, place, what } of list) {
        const places = model.get(ofTerm) ?? new Map<number, { entry: number; weight: number }>()
        model.set(ofTerm, places)
        const known = places.get(place)
        if (known === undefined) places.set(place, { entry: postings.add(ofTerm, place, 1), weight: 1 })
        else if (what === 'remove') {
          postings.remove(ofTerm, known.entry)
          places.delete(place)
        } else {
          known.weight += 1
          postings.setWeight(known.entry, known.weight)
        }
      }
      for (const [ofTerm, places] of model) {
        expect(placesOf(postings, ofTerm)).toEqual(new Map([...places].map(([place, { weight }]) => [place, weight])))
        expect(postings.count(ofTerm)).toBe(places.size)
      }
    }),
    { numRuns: 40 },
  )
})

test('terms that come and go take no room for good', () => {
  const postings = new TermPostings()
  for (let step = 0; step < 200_000; step += 1) postings.remove(step, postings.add(step, 0, 1))
  expect(postings.first(1)).toBe(none)
  // A table full of terms that nobody has any more would search for ever.
  expect(postings.count(-5)).toBe(0)
})
