import { type CreditRules, creditRules } from '../credit/rules.ts'
import { policyFrom } from '../decide/configured.ts'
import { policyOf } from '../decide/policies.ts'
import { uniform } from '../decide/policies/uniform.ts'
import type { Policy } from '../decide/policy.ts'
import { rewardFrom } from '../decide/rewards.ts'
import type { Learner } from '../learn/learner.ts'
import { errorFixes } from '../learn/learners/error-fixes.ts'
import { executionPatterns } from '../learn/learners/execution-patterns.ts'
import { experimentTallies } from '../learn/learners/experiment-tallies.ts'
import { itemUsefulness } from '../learn/learners/item-usefulness.ts'
import { createKnowledgeItems } from '../learn/learners/knowledge-items.ts'
import { modelTokens } from '../learn/learners/model-tokens.ts'
import { optionModel } from '../learn/learners/option-model.ts'
import { reflections } from '../learn/learners/reflections.ts'
import { statedPreferences } from '../learn/learners/stated-preferences.ts'
import { runOutlines } from '../learn/learners/run-outlines.ts'
import { sourceReputation } from '../learn/learners/source-reputation.ts'
import { successPredictor } from '../learn/learners/success-predictor.ts'
import { taskStatistics } from '../learn/learners/task-statistics.ts'
import { userPreferences } from '../learn/learners/user-preferences.ts'
import { eachOnce } from '../learn/namesakes.ts'
import { workflows } from '../learn/learners/workflows.ts'
import { type AutodidactSettings, lifeWith } from './settings.ts'

/** Who learns, who decides, and what counts as a success. */
export interface Wiring {
  /** Those that are folded from the beginning, each once. */
  readonly learners: readonly Learner[]
  readonly policyAt: (point: string) => Policy
  readonly credit: CreditRules
}

/** What recall, the default policy, the report and experiments stand on. */
const always = (knowledge: AutodidactSettings['knowledge']): readonly Learner[] => [
  itemUsefulness, optionModel, taskStatistics, experimentTallies, createKnowledgeItems(lifeWith(knowledge)), sourceReputation, statedPreferences, userPreferences,
]

/** Learners of the package that cost nothing until somebody asks for them. */
const unasked: readonly Learner[] = [executionPatterns, workflows, errorFixes, successPredictor, modelTokens, reflections, runOutlines]

export const onDemand: ReadonlySet<unknown> = new Set(unasked)

/**
 * The built-in learners, those that the policies of the choice points need, and one's own; each once.
 *
 * @throws AutodidactError `INVALID_INPUT` for one's own that has the name of another, also of one that is folded on demand only
 */
const learnersOf = ({ points = {}, learners = [], knowledge }: AutodidactSettings): readonly Learner[] => {
  const needed = Object.values(points).flatMap(({ policy }) => (policy === undefined ? [] : (policyFrom(policy).needs ?? [])))
  const all = [...always(knowledge), ...needed, ...learners]
  eachOnce([...unasked, ...all])
  return eachOnce(all)
}

/** The policies of all choice points, made once. */
const policiesOf = ({ points = {}, learning = true }: AutodidactSettings): ((point: string) => Policy) => {
  const byPoint = new Map(Object.entries(points).map(([point, { policy = 'default' }]) => [point, policyFrom(policy)]))
  const other = policyOf({ name: 'default' })
  const baseline = uniform()
  return (point) => (learning ? (byPoint.get(point) ?? other) : baseline)
}

const creditOf = ({ verdictWeights = {}, reward, points = {} }: AutodidactSettings): CreditRules => {
  const rewards = Object.entries(points).flatMap(([point, own]) => (own.reward === undefined ? [] : [[point, rewardFrom(own.reward)] as const]))
  return creditRules({ weights: verdictWeights, rewards: new Map(rewards), ...(reward === undefined ? {} : { reward: rewardFrom(reward) }) })
}

/**
 * What the settings name, made: an unknown name is refused at opening, not at the first decision.
 *
 * @throws AutodidactError `UNKNOWN_POLICY`, `UNKNOWN_REWARD`, `INVALID_INPUT`
 */
export const wiringOf = (settings: AutodidactSettings): Wiring => ({
  policyAt: policiesOf(settings),
  credit: creditOf(settings),
  learners: learnersOf(settings),
})
