import { tarone } from '../../statistics/tarone.ts'
import { agentSelection } from './agent-selection.ts'
import { approachSelection } from './approach-selection.ts'
import { caching } from './caching.ts'
import { type Compared, mistaken } from './comparisons.ts'
import { errorReduction } from './error-reduction.ts'
import { executionSpeed } from './execution-speed.ts'
import { iterationReduction } from './iteration-reduction.ts'
import { parallelExecution } from './parallel-execution.ts'
import { type Finding, type Recommendation, type RecommendationLimits, type RecommendationType, recommendationTypes } from './recommendation.ts'
import { resourceEfficiency } from './resource-efficiency.ts'
import type { Rule, Window } from './window.ts'

const rules: Readonly<Record<RecommendationType, Rule>> = {
  'execution-speed': executionSpeed,
  'iteration-reduction': iterationReduction,
  'error-reduction': errorReduction,
  'resource-efficiency': resourceEfficiency,
  'agent-selection': agentSelection,
  'approach-selection': approachSelection,
  'parallel-execution': parallelExecution,
  caching,
}

/** Of the type: what fails comes before what is slow, and that before what is dear. */
const urgency: Readonly<Record<RecommendationType, number>> = {
  'error-reduction': 5,
  'agent-selection': 5,
  'approach-selection': 5,
  'execution-speed': 4,
  'iteration-reduction': 4,
  'parallel-execution': 4,
  'resource-efficiency': 3,
  caching: 3,
}

/** Added where half of what a run takes, or more, is to be gained; less in proportion. */
const mostForGain = 5

export const defaultLimits: Required<RecommendationLimits> = { durationMs: 30_000, iterations: 8, success: 0.8, errors: 2 }

const priorityOf = (type: RecommendationType, { gain }: Finding): number => urgency[type] + Math.round(mostForGain * Math.min(1, 2 * gain.share))

/** What it comes from: an error, a step, or what is measured; tokens and money are spent together. */
const causeOf = ({ error, bottleneck, gain }: Finding): string => {
  if (error !== undefined) return JSON.stringify(['error', error.template, error.tool])
  if (bottleneck !== undefined) return JSON.stringify(['step', bottleneck.action])
  return gain.measure === 'tokens' || gain.measure === 'cost' ? 'resources' : gain.measure
}

/** Of several findings of one type with the same cause, the one that gains most. */
const onePerCause = (findings: readonly Finding[]): readonly Finding[] =>
  [...Map.groupBy(findings, causeOf).values()].flatMap((same) => same.toSorted((left, right) => right.gain.share - left.gain.share).slice(0, 1))

/** The most urgent first, then what gains most. */
const byPriority = (left: Recommendation, right: Recommendation): number =>
  right.priority - left.priority || right.gain.share - left.gain.share || (left.id < right.id ? -1 : 1)

/** What the rules of one type compare in one window. */
interface Question extends Compared {
  readonly type: RecommendationType
  readonly group: Window['group']
}

const asked = (window: Window): Question[] => recommendationTypes.map((type) => ({ type, group: window.group, ...rules[type](window) }))

const answered = ({ type, group: { category, agent }, findings }: Question, chance: number): Recommendation[] =>
  onePerCause(findings(chance)).map((finding) => ({
    id: JSON.stringify([type, finding.rule, category, agent ?? null]),
    type,
    category,
    ...(agent === undefined ? {} : { agent }),
    priority: priorityOf(type, finding),
    ...finding,
  }))

/**
 * Everything that the latest runs of each agent on each kind of task recommend, the most urgent first; one cause, one recommendation. How sure each of them must be depends on how much is compared in all of them.
 */
export const recommendationsFor = (windows: readonly Window[]): Recommendation[] => {
  const questions = windows.flatMap(asked)
  const chance = tarone(questions.flatMap(({ least }) => least), mistaken)
  return questions.flatMap((question) => answered(question, chance)).toSorted(byPriority)
}
