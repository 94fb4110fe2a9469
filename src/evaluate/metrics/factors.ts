import type { RunSettled, Verdict } from '../../learn/learner.ts'
import type { Share } from '../../statistics/share.ts'
import { wilson } from '../../statistics/wilson.ts'
import { successFrom } from './run-counts.ts'

/** Names that are counted; the first ones that come. */
const mostNames = 10_000

/** Something that agents said they owed their success to. */
export interface FactorPerformance {
  readonly factor: string
  /** Runs with a verdict that named it. */
  readonly runs: number
  /** Those of them that went well. */
  readonly success: Share
}

interface Tally {
  runs: number
  good: number
}

/** What agents said they owed their success to, and whether those runs went well. */
export class Factors {
  readonly #tallies = new Map<string, Tally>()

  settle({ factors = [], previous, current }: RunSettled): void {
    for (const factor of new Set(factors)) {
      const known = this.#tallies.get(factor)
      if (known === undefined && this.#tallies.size >= mostNames) continue
      const tally = known ?? { runs: 0, good: 0 }
      this.#tallies.set(factor, tally)
      this.#count(tally, previous, -1)
      this.#count(tally, current, 1)
    }
  }

  #count(tally: Tally, verdict: Verdict | undefined, sign: 1 | -1): void {
    if (verdict === undefined) return
    tally.runs += sign
    if (verdict.reward > successFrom) tally.good += sign
  }

  /** The surest first: by the lower end of the interval of success. */
  best(count: number): FactorPerformance[] {
    return [...this.#tallies]
      .flatMap(([factor, { runs, good }]) => (runs > 0 ? [{ factor, runs, success: wilson(good, runs) }] : []))
      .toSorted((left, right) => right.success.low - left.success.low || right.runs - left.runs || (left.factor < right.factor ? -1 : 1))
      .slice(0, count)
  }
}
