import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { compressed, expanded, smallestCompressed } from './compression.ts'

test('a large state that repeats itself is stored in less, and comes back', () => {
  const state = new Uint8Array(Buffer.from('{"category":"refund","runs":7}'.repeat(2_000)))
  const { compression, bytes } = compressed(state)
  expect(compression).toBe('zstd')
  expect(bytes.length).toBeLessThan(state.length / 10)
  expect(Buffer.from(expanded(compression, bytes) ?? []).equals(state)).toBe(true)
})

test('what is small, or would not become smaller, is stored as it is', () => {
  for (const state of [new Uint8Array(smallestCompressed - 1), new Uint8Array(randomBytes(100_000))]) expect(compressed(state)).toEqual({ compression: null, bytes: state })
})

test('what is damaged, or was made in another way, is no state', () => {
  const { bytes } = compressed(new Uint8Array(100_000))
  expect(expanded('zstd', bytes.subarray(0, -5))).toBeUndefined()
  expect(expanded('zstd', Uint8Array.of(1, 2, 3))).toBeUndefined()
  expect(expanded('another', bytes)).toBeUndefined()
})
