import { array, assert, integer, property } from 'fast-check'
import { expect, test } from 'vitest'
import { RecentMap } from './recent-map.ts'
import { RecentNumbers } from './recent-numbers.ts'

test.each([1, 3, 64, 100])('has what a map has that lets go of its oldest entry where there are more than %i', (most) => {
  // Keys that meet in the same slots of the table, at its beginning and around its end.
  const keys = array(integer({ min: -4, max: 4 }).chain((high) => integer({ min: -3, max: 3 }).map((low) => high * 4096 + low)), { maxLength: 400, size: 'max' })
  assert(
    property(keys, (added) => {
      let numbers = new RecentNumbers(most)
      const map = new RecentMap<number, number>()
      for (const [index, key] of added.entries()) {
        numbers.add(key, index)
        if (!map.has(key)) map.set(key, index)
        if (map.size > most) map.dropOldest()
        if (index === 200) numbers = new RecentNumbers(most, numbers.keys(), numbers.numbers())
      }
      expect(numbers.size).toBe(map.size)
      expect([...numbers.keys()]).toEqual([...map.keys()])
      expect([...numbers.numbers()]).toEqual([...map.values()])
      for (const key of added) expect(numbers.get(key)).toBe(map.get(key))
    }),
  )
})

test('takes hashes with and without a sign for the same', () => {
  const numbers = new RecentNumbers(8)
  numbers.add(0xffff_fff0, 7)
  expect(numbers.get(-16)).toBe(7)
})
