import type { Saving } from '../../evaluate/metrics/steps.ts'
import { leastMean, momentsOf } from '../../statistics/means.ts'
import type { Gain } from './recommendation.ts'
import { fewestRuns, type Window, worthwhile } from './window.ts'

/** What could be left out of runs, and what that is worth. */
export interface Worth {
  readonly gain: Gain
  /** What it is at least, as a part of a run, with 95 % confidence. */
  readonly least: number
  /** Steps that could be left out, or need not be waited for, in all runs. */
  readonly steps: number
  /** Rows of the runs in which there is something. */
  readonly rows: readonly number[]
}

/** Of the time or, where steps do not tell theirs, of the steps; undefined where it is not shown to be worth while. */
export const worthOf = ({ table, rows, runs }: Window, savings: readonly Saving[]): Worth | undefined => {
  if (runs.length < fewestRuns) return undefined
  const isTimed = savings.some(({ durationMs }) => durationMs > 0)
  const saved = new Map(savings.map(({ run, durationMs, steps }) => [run, isTimed ? durationMs : steps]))
  const costs = runs.map(({ data }) =>
    // A run takes no less than what was counted of its steps, one after the other.
    isTimed ? Math.max(data.durationMs ?? 0, data.steps.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0)) : data.steps.length,
  )
  const shares = runs.map(({ id }, place) => (costs[place] === 0 ? 0 : (saved.get(id) ?? 0) / (costs[place] ?? 1)))
  const least = leastMean(momentsOf(shares))
  if (!(least > worthwhile)) return undefined
  const perRun = momentsOf(saved.values()).mean
  return {
    gain: { measure: isTimed ? 'duration' : 'iterations', perRun, share: perRun / momentsOf(costs).mean },
    least,
    steps: savings.reduce((sum, { steps }) => sum + steps, 0),
    rows: rows.filter((row) => (saved.get(table.idAt(row)) ?? 0) > 0),
  }
}
