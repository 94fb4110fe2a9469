import { type Stratum } from '../statistics/lift.ts'
import { quantileOf } from '../statistics/quantiles.ts'
import { about, type Found, type Group, groupedBy, isGood, type JudgedRun, outcomesOf } from './found.ts'
import type { HabitType } from './learning.ts'
import { sequencesIn } from './sequences.ts'

/** Runs that must have it before it recurs. */
export const fewestRuns = { success_pattern: 3, failure_pattern: 2, task_strategy: 2, optimization: 2, agent_capability: 3 } as const

/** Runs that told their duration, or have steps, before it can be said what is usual. */
const fewestMeasured = 5
/** Times the median, from where on a run is slow, or has many steps. */
const unusual = 2

/**
 * Runs that must go wrong before a way to go about tasks may be said to do harm. Where most runs go well, three bad ones in a row are rare, and rare sequences many: with 3, half of what was
 * validated of software repairs with outcomes dealt out anew was such.
 */
const fewestHarmed = 5

/** A way to go about tasks: what is said of it where it helps, as far as so many of its runs went well, and where it does harm. */
const waysOf = (found: Found & { readonly type: HabitType }, fewest: number): Found[] => {
  const good = found.runs.filter(isGood).length
  const harm: Found = { ...found, type: 'failure_pattern', from: found.type }
  return [...(good >= fewest ? [found] : []), ...(found.runs.length - good >= fewestHarmed ? [harm] : [])]
}

const stratumOf = (runs: readonly JudgedRun[], { all }: Pick<Group, 'all'>): Stratum => ({ with: outcomesOf(runs), all })

/** Sequences that recur in runs of an agent that went well, or in those that did not. */
export const successPatterns = (group: Group): Found[] =>
  sequencesIn(group.runs, fewestRuns.success_pattern).flatMap(({ actions, runs }) =>
    waysOf({ ...about(group), type: 'success_pattern', key: JSON.stringify(actions), actions, runs, strata: [stratumOf(runs, group)] }, fewestRuns.success_pattern),
  )

/** Actions that runs of an agent end with when they go wrong. */
export const failurePatterns = (group: Group): Found[] =>
  [...groupedBy(group.runs.filter(({ last }) => last !== undefined), ({ last }) => last)].flatMap(([last, runs]): Found[] => {
    if (last === undefined || runs.filter((run) => !isGood(run)).length < fewestRuns.failure_pattern) return []
    return [{ ...about(group), type: 'failure_pattern', key: last, actions: [last], runs, strata: [stratumOf(runs, group)] }]
  })

/** How a run was gone about: as it says, or by all that it did. */
const strategyOf = ({ approach, actions }: JudgedRun): string | undefined => {
  if (approach !== undefined) return JSON.stringify({ approach })
  return actions.length === 0 ? undefined : JSON.stringify({ actions })
}

/** Ways in which an agent goes about a kind of task: the approach that its runs name, or else all that they do. */
export const taskStrategies = (group: Group): Found[] =>
  [...groupedBy(group.runs, strategyOf)].flatMap(([key, runs]): Found[] => {
    const [first] = runs
    if (key === undefined || first === undefined) return []
    const { approach, actions } = first
    return waysOf({ ...about(group), type: 'task_strategy', key, ...(approach === undefined ? { actions } : { approach }), runs, strata: [stratumOf(runs, group)] }, fewestRuns.task_strategy)
  })

const unusuallyMuch = (group: Group, of: 'durationMs' | 'steps'): Found[] => {
  const measured = group.runs.filter((run) => (run[of] ?? 0) > 0)
  if (measured.length < fewestMeasured) return []
  const median = quantileOf(measured.map((run) => run[of] ?? 0).toSorted((left, right) => left - right), 0.5)
  const limit = unusual * median
  const runs = measured.filter((run) => (run[of] ?? 0) > limit)
  if (runs.length < fewestRuns.optimization) return []
  const mean = runs.reduce((sum, run) => sum + (run[of] ?? 0), 0) / runs.length
  return [{ ...about(group), type: 'optimization', key: of, figures: { of, median, limit, mean }, runs, strata: [{ with: outcomesOf(runs), all: outcomesOf(measured) }] }]
}

/** Runs of an agent that took more than twice as long, or as many steps, as is usual for their kind. */
export const optimizations = (group: Group): Found[] => [...unusuallyMuch(group, 'durationMs'), ...unusuallyMuch(group, 'steps')]

/** How agents do with a kind of task, against the others. */
export const agentCapabilities = (groups: readonly Group[]): Found[] =>
  [...groupedBy(groups, ({ kind }) => kind).values()].flatMap((ofKind) => {
    const all = { weight: ofKind.reduce((sum, group) => sum + group.all.weight, 0), reward: ofKind.reduce((sum, group) => sum + group.all.reward, 0) }
    return ofKind.flatMap((group): Found[] => {
      if (group.agent === undefined || group.runs.length < fewestRuns.agent_capability) return []
      return [{ ...about(group), type: 'agent_capability', key: '', runs: group.runs, strata: [{ with: group.all, all }] }]
    })
  })
