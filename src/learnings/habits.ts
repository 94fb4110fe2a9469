import { type Stratum } from '../statistics/lift.ts'
import { quantileOf } from '../statistics/quantiles.ts'
import { about, type Found, type Group, groupedBy, isGood, type JudgedRun, outcomesOf } from './found.ts'
import type { HabitType, Tries } from './learning.ts'
import type { LearningThresholds } from './settings.ts'
import { sequencesIn } from './sequences.ts'
import { strategiesIn } from './strategies.ts'
import { failsOften, triesOf } from './tries.ts'

/** A way to go about tasks: what is said of it where it helps, as far as so many of its runs went well, and where it does harm. */
const waysOf = (found: Found & { readonly type: HabitType & keyof LearningThresholds['leastRuns'] }, { leastRuns, leastHarmed }: LearningThresholds): Found[] => {
  const good = found.runs.filter(isGood).length
  const harm: Found = { ...found, type: 'failure_pattern', from: found.type }
  return [...(good >= leastRuns[found.type] ? [found] : []), ...(found.runs.length - good >= leastHarmed ? [harm] : [])]
}

/** What was tried against the rest, also by runs that broke off under way. */
const stratumOf = (runs: readonly JudgedRun[], { all }: Pick<Group, 'all'>, brokenOff?: Found['brokenOff']): Stratum => {
  const { weight, reward } = outcomesOf(runs)
  return { with: { weight: weight + (brokenOff?.weight ?? 0), reward: reward + (brokenOff?.reward ?? 0) }, all }
}

/** Sequences that recur in runs of an agent that went well, or in those that did not. */
export const successPatterns = (group: Group, thresholds: LearningThresholds): Found[] =>
  sequencesIn(group.runs, thresholds.leastRuns.success_pattern).flatMap(({ actions, runs, brokenOff }) =>
    waysOf({ ...about(group), type: 'success_pattern', key: JSON.stringify(actions), actions, runs, brokenOff, strata: [stratumOf(runs, group, brokenOff)] }, thresholds),
  )

const recursInBad = (runs: readonly JudgedRun[], { leastRuns }: LearningThresholds): boolean => runs.filter((run) => !isGood(run)).length >= leastRuns.failure_pattern

/** Runs by their last action, as far as they came to their end: one that broke off did what it did afterwards because of that. */
const endings = (group: Group, thresholds: LearningThresholds): Found[] =>
  [...groupedBy(group.runs.filter(({ brokenOffAt }) => brokenOffAt === undefined), ({ last }) => last)].flatMap(([last, runs]): Found[] =>
    last === undefined || !recursInBad(runs, thresholds) ? [] : [{ ...about(group), type: 'failure_pattern', key: last, actions: [last], runs, strata: [stratumOf(runs, group)] }],
  )

const rateOf = ({ failed, of }: Tries): number => (of === 0 ? 0 : failed / of)

/** Actions that runs break off at and that fail often, and more often than what else is done: how runs that tried them went, whether they failed then or not. That runs go wrong where they fail says nothing. */
const obstacles = (group: Group, thresholds: LearningThresholds): Found[] =>
  [...groupedBy(group.runs.filter(({ brokenOffAt }) => brokenOffAt !== undefined), ({ brokenOffAt }) => brokenOffAt)].flatMap(([action, broken]): Found[] => {
    if (action === undefined || !recursInBad(broken, thresholds)) return []
    const tries = triesOf(group.runs, (one) => one === action)
    if (!failsOften(tries) || rateOf(tries) <= rateOf(triesOf(group.runs, (one) => one !== action))) return []
    // An outline ends before a long run does.
    const runs = group.runs.filter(({ actions, brokenOffAt }) => brokenOffAt === action || actions.includes(action))
    return [{ ...about(group), type: 'failure_pattern', key: JSON.stringify({ fails: action }), actions: [action], tries, runs, strata: [stratumOf(runs, group)] }]
  })

/** What runs of an agent end with when they go wrong, and what they break off at. */
export const failurePatterns = (group: Group, thresholds: LearningThresholds): Found[] => [...endings(group, thresholds), ...obstacles(group, thresholds)]

/** Ways in which an agent goes about a kind of task: the approach that its runs name, or else all that they do. */
export const taskStrategies = (group: Group, thresholds: LearningThresholds): Found[] =>
  strategiesIn(group.runs).flatMap(({ key, way: { approach, actions }, runs, brokenOff }): Found[] =>
    waysOf({ ...about(group), type: 'task_strategy', key, ...(approach === undefined ? { actions } : { approach }), runs, brokenOff, strata: [stratumOf(runs, group, brokenOff)] }, thresholds),
  )

const unusuallyMuch = (group: Group, of: 'durationMs' | 'steps', { leastRuns, leastMeasured, unusualAbove, slowAboveMs, manyStepsAbove }: LearningThresholds): Found[] => {
  const measured = group.runs.filter((run) => (run[of] ?? 0) > 0)
  const anyway = of === 'durationMs' ? slowAboveMs : manyStepsAbove
  const median = quantileOf(measured.map((run) => run[of] ?? 0).toSorted((left, right) => left - right), 0.5)
  const limit = Math.min(anyway, measured.length < leastMeasured ? anyway : unusualAbove * median)
  const runs = measured.filter((run) => (run[of] ?? 0) > limit)
  if (runs.length < leastRuns.optimization) return []
  const mean = runs.reduce((sum, run) => sum + (run[of] ?? 0), 0) / runs.length
  return [{ ...about(group), type: 'optimization', key: of, figures: { of, median, limit, mean }, runs, strata: [{ with: outcomesOf(runs), all: outcomesOf(measured) }] }]
}

/** Runs of an agent that took more than twice as long, or as many steps, as is usual for their kind, or more than the settings allow. */
export const optimizations = (group: Group, thresholds: LearningThresholds): Found[] => [...unusuallyMuch(group, 'durationMs', thresholds), ...unusuallyMuch(group, 'steps', thresholds)]

/** How agents do with a kind of task, against the others. */
export const agentCapabilities = (groups: readonly Group[], { leastRuns }: LearningThresholds): Found[] =>
  [...groupedBy(groups, ({ kind }) => kind).values()].flatMap((ofKind) => {
    const all = { weight: ofKind.reduce((sum, group) => sum + group.all.weight, 0), reward: ofKind.reduce((sum, group) => sum + group.all.reward, 0) }
    return ofKind.flatMap((group): Found[] => {
      if (group.agent === undefined || group.runs.length < leastRuns.agent_capability) return []
      return [{ ...about(group), type: 'agent_capability', key: '', runs: group.runs, strata: [{ with: group.all, all }] }]
    })
  })
