import { array, assert as holds, boolean, integer, property, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { ErrorGroups } from './error-groups.ts'

const template = (hash: number) => ({ hash, text: `error ${hash}`, terms: new Uint32Array() })

test('counts are those of all errors as long as there is room', () => {
  const groups = new ErrorGroups(3)
  for (const [place, hash] of [7, 8, 7, 9, 7, 8].entries()) groups.count(template(hash), place % 2 === 0, place)
  expect(groups.ranked()).toEqual([
    { template: 'error 7', errors: 3, fixed: 3, last: 4 },
    { template: 'error 8', errors: 2, fixed: 0, last: 5 },
    { template: 'error 9', errors: 1, fixed: 0, last: 3 },
  ])
})

test('the rarest makes room, of those the one longest not seen, never the one that has just come; a snapshot changes nothing', () => {
  holds(
    property(array(tuple(integer({ min: 0, max: 8 }), boolean()), { maxLength: 60 }), integer({ min: 0, max: 60 }), (errors, cut) => {
      const most = 4
      let groups = new ErrorGroups(most)
      const expected = new Map<number, { errors: number; fixed: number; last: number }>()
      for (const [place, [hash, fixed]] of errors.entries()) {
        if (place === cut) groups = new ErrorGroups(most, groups.save())
        groups.count(template(hash), fixed, place)
        const known = expected.get(hash) ?? { errors: 0, fixed: 0 }
        expected.set(hash, { errors: known.errors + 1, fixed: known.fixed + Number(fixed), last: place })
        const others = [...expected].filter(([other]) => other !== hash).sort(([, left], [, right]) => left.errors - right.errors || left.last - right.last)
        if (expected.size > most) expected.delete(others[0]?.[0] ?? hash)
      }
      const kept = new Map(groups.save())
      expect(new Set(kept.keys())).toEqual(new Set(expected.keys()))
      for (const [hash, counts] of expected) expect(kept.get(hash)).toMatchObject(counts)
    }),
  )
})
