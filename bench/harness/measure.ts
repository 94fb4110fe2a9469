import type { Progress } from './bench.ts'
import { quantile } from './statistics.ts'

/** Durations of one operation, in milliseconds. */
export interface Timing {
  readonly p50Ms: number
  readonly p95Ms: number
  readonly calls: number
}

/** An operation beside a baseline measured in the same run. */
export interface Comparison extends Timing {
  readonly baseline: Timing
  /** Median of the operation over median of the baseline. */
  readonly ratio: number
}

/** One call of an operation; `index` counts from 0, warm-up included, so that every call can have its own input. */
export type Call = (index: number) => unknown

const timing = (durations: readonly number[]): Timing => ({ p50Ms: quantile(durations, 0.5), p95Ms: quantile(durations, 0.95), calls: durations.length })

const timed = async (call: Call, index: number): Promise<number> => {
  const start = performance.now()
  const pending = call(index)
  // Awaiting what is not a promise would add a turn of the event loop to a call of microseconds.
  if (pending instanceof Promise) await pending
  return performance.now() - start
}

/** How to measure. */
export interface Measuring {
  /** Calls that count. */
  readonly calls: number
  /** Calls before that which do not; a tenth of `calls` when absent. */
  readonly warmUp?: number
  readonly progress?: Progress
}

const run = async (operations: readonly Call[], { calls, warmUp = Math.ceil(calls / 10), progress }: Measuring): Promise<number[][]> => {
  const durations = operations.map((): number[] => [])
  for (let index = 0; index < warmUp + calls; index += 1) {
    for (const [position, operation] of operations.entries()) {
      const duration = await timed(operation, index)
      if (index >= warmUp) durations[position]?.push(duration)
    }
    if (index >= warmUp) progress?.advance()
  }
  return durations
}

/** Times many calls of one operation. */
export const measure = async (operation: Call, measuring: Measuring): Promise<Timing> => {
  const [durations = []] = await run([operation], measuring)
  return timing(durations)
}

/** Times an operation and its baseline by turns, so that whatever else the machine does falls on both. */
export const measureBeside = async (operation: Call, baseline: Call, measuring: Measuring): Promise<Comparison> => {
  const [own = [], other = []] = await run([operation, baseline], measuring)
  const [mine, base] = [timing(own), timing(other)]
  return { ...mine, baseline: base, ratio: mine.p50Ms / base.p50Ms }
}
