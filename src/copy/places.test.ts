import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Places } from './places.ts'

test('a place in a copy has the same facts before it and behind it as that in the original', () => {
  const gaps = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })), { maxLength: 30 })
  fc.assert(
    fc.property(gaps, fc.nat(200), (steps, place) => {
      const places = new Places()
      let [from, to] = [0, 0]
      const facts = steps.map(([here, there]) => {
        from += here
        to += there
        places.note(from, to)
        return { from, to }
      })
      const found = places.of(place)
      for (const fact of facts) expect(fact.to <= found).toBe(fact.from <= place)
    }),
  )
})
