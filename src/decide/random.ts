import { AutodidactError } from '../errors.ts'
import { described, expectFunction, expectList, expectNumber } from '../expect.ts'

/** A source of uniform numbers in [0, 1). */
export type Random = () => number

/**
 * The mulberry32 generator: 32 bits of state, equidistributed enough for sampling and shuffles, and the same numbers on every machine.
 * Source: Tommy Ettinger's public-domain mulberry32.
 *
 * @param seed any integer; only its low 32 bits count
 * @example
 * ```ts
 * import { seededRandom } from 'autodidact'
 *
 * console.assert(seededRandom(7)() === seededRandom(7)())
 * ```
 */
export const seededRandom = (seed: number): Random => {
  expectNumber(seed, 'seededRandom: seed')
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/**
 * A copy of `items` in random order (Fisher–Yates).
 *
 * @example
 * ```ts
 * import { seededRandom, shuffled } from 'autodidact'
 *
 * console.assert(shuffled([1, 2, 3], seededRandom(7)).length === 3)
 * ```
 */
export const shuffled = <Item>(items: readonly Item[], random: Random): Item[] => {
  expectList(items, 'shuffled: items')
  expectFunction(random, 'shuffled: random')
  const result = [...items]
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(drawn(random) * (last + 1))
    const kept = result[last] as Item
    result[last] = result[other] as Item
    result[other] = kept
  }
  return result
}

/** The next number of a generator that may be anybody's. */
export const drawn = (random: Random): number => {
  const number: unknown = random()
  if (typeof number === 'number' && number >= 0 && number < 1) return number
  throw new AutodidactError('INVALID_INPUT', `The generator gave ${described(number)}. It must give numbers from 0 to below 1.`)
}
