import { AutodidactError } from '../../errors.ts'
import { described, expectFunction, expectNumber, expectObject, expectPositive } from '../../expect.ts'
import { drawn, type Random } from '../../decide/random.ts'

/** How long to wait before trying again. */
export interface BackOff {
  /** Before the first retry, in milliseconds, above 0. Default 1,000. */
  readonly firstMs?: number
  /** Never longer than this, in milliseconds. Default 60,000. */
  readonly mostMs?: number
  /** Share of the wait that is left to chance, in [0, 1], so that those who failed together do not come back together. Default .5. */
  readonly jitter?: number
}

/**
 * The wait before a retry: min(first · 2^(n−1), most) · (1 − jitter · u) milliseconds, u uniform in [0, 1). With a jitter of .5 these are the "equal jitter" waits of Brooker 2015,
 * "Exponential backoff and jitter".
 *
 * @param retry 1 for the first
 * @throws AutodidactError `INVALID_INPUT` when a setting is out of range
 * @example
 * ```ts
 * import { backOffMs } from 'autodidact/agents'
 *
 * console.assert(backOffMs(3, () => 0) === 4000 && backOffMs(3, () => 0.5) === 3000 && backOffMs(30, () => 0) === 60_000)
 * ```
 */
export const backOffMs = (retry: number, random: Random, settings: BackOff = {}): number => {
  expectNumber(retry, 'backOffMs: retry', 1)
  expectFunction(random, 'backOffMs: random')
  const { firstMs, mostMs, jitter } = checkedBackOff(settings)
  return Math.min(firstMs * 2 ** (retry - 1), mostMs) * (1 - jitter * drawn(random))
}

/** @throws AutodidactError `INVALID_INPUT` */
export const checkedBackOff = (settings: BackOff): Required<BackOff> => {
  expectObject(settings, 'backOff')
  const { firstMs = 1000, mostMs = 60_000, jitter = 0.5, ...others } = settings
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw new AutodidactError('INVALID_INPUT', `backOff has no field ${described(unknown)}. Its fields are firstMs, mostMs, jitter.`)
  expectPositive(firstMs, 'backOff: firstMs')
  expectPositive(mostMs, 'backOff: mostMs')
  // Timers of Node hold no more than 31 bits.
  if (mostMs > 2 ** 31 - 1) throw new AutodidactError('INVALID_INPUT', `backOff: mostMs is ${mostMs}. Pass at most ${2 ** 31 - 1}, about 24 days.`)
  expectNumber(jitter, 'backOff: jitter', 0, 1)
  return { firstMs, mostMs, jitter }
}
