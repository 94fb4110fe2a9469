import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { packBytes, unpackHashes, unpackValues } from './packed.ts'

test('what is packed comes back bit for bit, in memory of its own', () => {
  const lengths = { minLength: 0, maxLength: 60 }
  fc.assert(
    fc.property(fc.uint32Array(lengths), fc.float32Array(lengths), fc.boolean(), (hashes, values, long) => {
      // Long ones take another way: 16,384 characters are 3,072 numbers.
      const given = long ? Uint32Array.from({ length: 3_200 }, (_, place) => hashes[place % Math.max(1, hashes.length)] ?? place) : hashes
      const first = unpackHashes(packBytes(given))
      const second = unpackValues(packBytes(values))
      expect(first).toEqual(given)
      expect([...second]).toEqual([...values])
      expect(first.buffer.byteLength).toBe(first.byteLength)
    }),
  )
})

test('what was cut off gives what is whole of it', () => {
  expect(unpackHashes(packBytes(Uint32Array.of(1, 2, 3)).slice(0, 12))).toEqual(Uint32Array.of(1, 2))
  expect(unpackHashes('')).toEqual(new Uint32Array())
})
