import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Recent } from './recent.ts'

test('holds the half of its entries that was used last, and never more than its limit', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9), { maxLength: 80 }), fc.integer({ min: 2, max: 8 }), (keys, limit) => {
      const recent = new Recent<number, string>(limit)
      let latest: number[] = []
      for (const key of keys) {
        const value = recent.get(key)
        if (latest.slice(0, Math.floor(limit / 2)).includes(key)) expect(value).toBe(`value of ${key}`)
        else if (!latest.includes(key)) expect(value).toBeUndefined()
        if (value === undefined) recent.set(key, `value of ${key}`)
        latest = [key, ...latest.filter((other) => other !== key)]
      }
      const held = latest.slice(limit).filter((key) => recent.get(key) !== undefined)
      expect(held).toEqual([])
    }),
  )
})
