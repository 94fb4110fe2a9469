import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RecentMap } from './recent-map.ts'

type Step = readonly ['set' | 'delete', number] | readonly ['drop'] | readonly ['clear']

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(fc.constant('set' as const), fc.integer({ min: 0, max: 8 })),
  fc.tuple(fc.constant('delete' as const), fc.integer({ min: 0, max: 8 })),
  fc.tuple(fc.constant('drop' as const)),
  fc.tuple(fc.constant('clear' as const)),
)

it('drops what a plain map has first, whatever is set, deleted and set again between', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const [recent, plain] = [new RecentMap<number, number>(), new Map<number, number>()]
      for (const [place, [what, key]] of steps.entries()) {
        if (what === 'set') for (const map of [recent, plain]) map.set(key, place)
        else if (what === 'delete') for (const map of [recent, plain]) map.delete(key)
        else if (what === 'clear') for (const map of [recent, plain]) map.clear()
        else {
          recent.dropOldest()
          const [first] = plain.keys()
          if (first !== undefined) plain.delete(first)
        }
        expect([...recent]).toEqual([...plain])
      }
    }),
  )
})
