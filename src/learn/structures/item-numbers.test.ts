import { array, assert as holds, nat, property, string, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { AutodidactError } from '../../errors.ts'
import { ItemNumbers } from './item-numbers.ts'

const additions = array(tuple(string({ maxLength: 3 }), nat(2 ** 32 - 1)), { maxLength: 300 })

test('answers like a map in which what is first said of an item stays, also when it is saved in between', () => {
  holds(
    property(additions, nat(300), (added, savedAfter) => {
      let items = new ItemNumbers()
      const expected = new Map<string, number>()
      for (const [index, [id, number]] of added.entries()) {
        items.add(id, number)
        if (!expected.has(id)) expected.set(id, number)
        if (index === savedAfter) items = new ItemNumbers(items.save())
      }
      expect(items.size).toBe(expected.size)
      for (const [id, number] of expected) expect(items.get(id)).toBe(number)
      expect(items.get('something longer')).toBeUndefined()
    }),
  )
})

test('bytes are the same whether or not it was saved and loaded on the way', () => {
  const [all, half] = [new ItemNumbers(), new ItemNumbers()]
  for (let item = 0; item < 5_000; item += 1) all.add(`item ${item}`, item)
  for (let item = 0; item < 2_500; item += 1) half.add(`item ${item}`, item)
  const continued = new ItemNumbers(half.save())
  for (let item = 0; item < 5_000; item += 1) continued.add(`item ${item}`, item)
  expect(continued.save()).toBe(all.save())
})

test('a table that is cut off is refused', () => {
  const items = new ItemNumbers()
  items.add('rule', 1)
  const cut = Buffer.from(items.save(), 'base64').subarray(0, 8).toString('base64')
  expect(() => new ItemNumbers(cut)).toThrow(AutodidactError)
})
