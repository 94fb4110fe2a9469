import { array, assert, constant, integer, oneof, property, tuple, type Arbitrary } from 'fast-check'
import { expect, it } from 'vitest'
import { RecentMap } from './recent-map.ts'

type Step = readonly ['set' | 'delete', number] | readonly ['drop'] | readonly ['clear']

const step: Arbitrary<Step> = oneof(
  tuple(constant('set' as const), integer({ min: 0, max: 8 })),
  tuple(constant('delete' as const), integer({ min: 0, max: 8 })),
  tuple(constant('drop' as const)),
  tuple(constant('clear' as const)),
)

it('drops what a plain map has first, whatever is set, deleted and set again between', () => {
  assert(
    property(array(step, { maxLength: 100 }), (steps) => {
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
