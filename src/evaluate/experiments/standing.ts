import type { ExperimentTally } from '../../learn/learners/experiment-tallies.ts'
import { type ActiveArm, allocate } from './allocate.ts'
import { type ArmSums, type Comparison, compare, losses } from '../../statistics/sequential/judge.ts'

/** Where an experiment stands: what is made of its tallies, for whoever assigns and for whoever asks. */
export interface ExperimentStanding {
  /** Judged sums of every arm, in the order in which they were named. */
  readonly sums: ReadonlyMap<string, ArmSums>
  readonly comparisons: readonly Comparison[]
  /** Arms that are shown to be worse than another, by that comparison. */
  readonly losses: ReadonlyMap<string, Comparison>
  /** Shares of new units, by arm; those that were rolled back have none. */
  readonly shares: ReadonlyMap<string, number>
}

const nothing: ArmSums = { judged: 0, sum: 0, squares: 0 }

const standingFrom = ({ started, arms, rolledBack }: ExperimentTally): ExperimentStanding => {
  const named = started?.arms ?? []
  const sums = new Map((started === undefined ? [...arms.keys()] : named.map(({ name }) => name)).map((name) => [name, arms.get(name) ?? nothing] as const))
  const comparisons = compare(sums)
  const active = named.filter(({ name }) => !rolledBack.has(name)).map(({ name, share }): ActiveArm => ({ name, share, ...(sums.get(name) ?? nothing) }))
  return { sums, comparisons, losses: losses(comparisons), shares: allocate(active, started?.allocation ?? 'fixed') }
}

/** Tallies live as long as their namespace is in memory; what was made of them goes with them. */
const known = new WeakMap<ExperimentTally, { readonly revision: number; readonly standing: ExperimentStanding }>()

/** Made once for each change of the tallies, because every decision asks. */
export const standingOf = (tally: ExperimentTally): ExperimentStanding => {
  const last = known.get(tally)
  if (last?.revision === tally.revision) return last.standing
  const standing = standingFrom(tally)
  known.set(tally, { revision: tally.revision, standing })
  return standing
}
