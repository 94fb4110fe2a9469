import { leastMean, momentsOf } from '../../statistics/means.ts'
import type { Finding, Gain } from './recommendation.ts'
import { type Compared, nothingToCompare, single } from './comparisons.ts'
import { fewestRuns, type LookedRun, type Window, worthwhile } from './window.ts'

/** What could be left out of runs, and what that is worth. */
export interface Worth {
  readonly gain: Gain
  /** What it is at least, as a part of a run, as surely as all that a report says. */
  readonly least: number
  /** Steps that could be left out, or need not be waited for, in the runs in which that gains something. */
  readonly steps: number
  /** Rows of the runs in which there is something. */
  readonly rows: readonly number[]
}

/** Of the time or, where steps do not tell theirs, of the steps; found where it is shown to be worth while. */
export const saving = ({ table, rows, runs }: Window, part: 'repeated' | 'waiting', findingOf: (worth: Worth) => Finding | undefined): Compared => {
  const savings = runs.map((run) => run[part])
  if (runs.length < fewestRuns || !savings.some(({ steps }) => steps > 0)) return nothingToCompare
  const isTimed = savings.some((one) => one.isTimed)
  const savedBy = (run: LookedRun): number => (isTimed ? run[part].savedMs : run[part].steps)
  const saved = new Map(runs.map((run) => [run.id, savedBy(run)]))
  const costs = runs.map(({ timeMs, steps }) => (isTimed ? timeMs : steps))
  const shares = momentsOf(runs.map((run, place) => (costs[place] === 0 ? 0 : savedBy(run) / (costs[place] ?? 1))))
  const perRun = momentsOf(saved.values()).mean
  return single(0, (chance) => {
    const least = leastMean(shares, chance)
    if (!(least > worthwhile)) return undefined
    return findingOf({
      gain: { measure: isTimed ? 'duration' : 'iterations', perRun, share: perRun / momentsOf(costs).mean },
      least,
      steps: runs.reduce((sum, run) => sum + (savedBy(run) > 0 ? run[part].steps : 0), 0),
      rows: rows.filter((row) => (saved.get(table.idAt(row)) ?? 0) > 0),
    })
  })
}
