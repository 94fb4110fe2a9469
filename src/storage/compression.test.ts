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

test('states of any size come back in one piece of memory that is theirs', () => {
  for (const size of [smallestCompressed, 65_791, 65_792, 1_000_000, 3_000_000]) {
    const state = new Uint8Array(size).map((_, place) => (place * place) % 251)
    const { compression, bytes } = compressed(state)
    const back = expanded(compression, bytes) ?? new Uint8Array()
    expect(compression).toBe('zstd')
    expect(Buffer.from(back).equals(state)).toBe(true)
    // Pieces that are joined take no more than the size; room that was made at once has some bytes left. A small one shares a pool of 64 kB.
    if (size > 64 * 1024) expect(back.buffer.byteLength).toBe(size + 64)
    else expect(back.buffer.byteLength).toBeLessThanOrEqual(64 * 1024)
  }
})

test('a header that states another size costs no state and takes no more memory than is sane', () => {
  const state = new Uint8Array(100_000)
  for (const stated of [0, 1, 99_999, 100_001, 2 ** 32 - 1]) {
    const bytes = Uint8Array.from(compressed(state).bytes)
    new DataView(bytes.buffer).setUint32(5, stated, true)
    // What is stated is checked by the library: it is damaged, and folded anew.
    expect(expanded('zstd', bytes)).toBeUndefined()
  }
})
