import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { grown, Numbering } from './numbering.ts'

test('places are given in order of first use, as a map would give them', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat(300), fc.nat(2 ** 31 - 2)), { maxLength: 400 }), (ids) => {
      const numbering = new Numbering()
      const places = new Map<number, number>()
      for (const id of ids) {
        expect(numbering.find(id)).toBe(places.get(id) ?? -1)
        if (!places.has(id)) places.set(id, places.size)
        expect(numbering.place(id)).toBe(places.get(id))
      }
      expect([...numbering.ids.subarray(0, numbering.size)]).toEqual([...places.keys()])
    }),
  )
})

test('a grown array starts with what was there', () => {
  expect(grown(Float64Array.of(0.5, 2), 3)).toEqual(Float64Array.of(0.5, 2, 0))
})
