import { z } from 'zod'
import { createExecutionPatterns, standardApproach } from '../learn/learners/execution-patterns.ts'
import { complexityOf } from '../learn/structures/complexity.ts'
import { betweenErasures } from '../log/between-erasures.ts'
import { name, task as taskText, workload } from '../log/kinds/shared.ts'
import { validated } from '../log/validate.ts'
import { newcombe } from '../statistics/newcombe.ts'
import { wilson } from '../statistics/wilson.ts'
import type { Scope } from '../scope.ts'
import { type ApproachTally, type Evidence, type SimilarRuns, similarRuns } from './evidence.ts'
import { inWords } from './in-words.ts'
import type { AlternativeApproach, ApproachEvidence, NamedEvidence, RecommendInput, Recommendation, ToolEvidence } from './recommendation.ts'
import { weightsFor } from './similarity.ts'

const input = z.strictObject({
  task: taskText,
  category: name.optional(),
  ...workload,
  user: name.optional(),
  limit: z.number().int().min(0).max(32).optional(),
})

/** Similar runs that are named by default, and most tools and factors. */
const shownRuns = 5
const shownNames = 5

/**
 * How to go about a task: the approach whose success in similar runs is surest, against the alternatives, with tools and success factors.
 *
 * Runs count by their similarity: category .4, type .3, complexity .2, words .1 (by the index of recall), what the task does not tell counting for its words. Those that
 * failed count as much as those that went well, so the confidence falls when an approach fails.
 *
 * @throws AutodidactError `INVALID_INPUT`, `BUSY`, `CLOSED`
 * @example
 * ```ts
 * import { Autodidact } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:')
 * const task = { task: 'add a login form', category: 'frontend', type: 'feature' }
 * for (let day = 0; day < 20; day += 1) {
 *   await autodidact.record({ ...task, approach: 'incremental', outcome: { success: day % 10 > 0, judge: 'check' } })
 *   await autodidact.record({ ...task, approach: 'standard', outcome: { success: day % 10 === 0, judge: 'check' } })
 * }
 * const { approach, confidence, alternatives } = await autodidact.recommend({ ...task, task: 'add a sign-up form' })
 * console.assert(approach === 'incremental' && confidence > 0.6 && confidence < 0.9)
 * console.assert(alternatives[0]?.approach === 'standard' && alternatives[0].difference.low > 0)
 * await autodidact.close()
 * ```
 */
export const recommend = async (scope: Scope, given: string | RecommendInput): Promise<Recommendation> => {
  const { task, user, limit = shownRuns, ...subject } = validated(input, typeof given === 'string' ? { task: given } : given, 'recommend')
  const { patternLimit, similarityThreshold: threshold, confidenceBoost: boost } = scope.settings.patterns
  const complexity = complexityOf({ description: task, ...subject })
  const masked = scope.redact(task, 'task')
  const nothing: SimilarRuns = { approaches: [], runs: [] }
  const similar = scope.settings.learning
    ? await betweenErasures(scope.storage, scope.namespace, async () => {
        const view = await scope.runner.viewOfAny(scope.namespace, createExecutionPatterns({ patternLimit }))
        const tasks = { category: subject.category, type: subject.type, complexity }
        return similarRuns(scope, masked, tasks, view.patterns(), { weights: weightsFor(tasks), threshold, boost })
      })
    : nothing
  const found = { ...chosenFrom(similar.approaches), complexity, similar: namedFor(user, similar.runs).slice(0, limit) }
  return { ...found, recommendations: inWords(found) }
}

/** What others did is counted, and not named. */
const namedFor = (wanted: string | undefined, runs: SimilarRuns['runs']): Recommendation['similar'] =>
  runs.flatMap(({ user, ...run }) => (wanted === undefined || user === undefined || user === wanted ? [run] : []))

const evidenceOf = (tally: ApproachTally): ApproachEvidence => ({
  approach: tally.approach,
  runs: tally.runs,
  success: tally.share,
  ...(tally.durationMs === undefined ? {} : { durationMs: tally.durationMs }),
})

/** The surest first; of equally sure ones that of more runs. */
const surest = (left: ApproachTally, right: ApproachTally): number =>
  right.share.low - left.share.low || right.runs - left.runs || (left.approach < right.approach ? -1 : 1)

type Chosen = Omit<Recommendation, 'complexity' | 'similar' | 'recommendations'>

const chosenFrom = (approaches: readonly ApproachTally[]): Chosen => {
  const [best, ...others] = approaches.filter(({ weight }) => weight > 0).sort(surest)
  if (best === undefined) return { approach: standardApproach, confidence: 0, alternatives: [], tools: [], factors: [] }
  const evidence = evidenceOf(best)
  return {
    approach: best.approach,
    confidence: evidence.success.low,
    evidence,
    alternatives: others.map((other): AlternativeApproach => ({ ...evidenceOf(other), difference: newcombe(evidence.success, other.share) })),
    tools: named(best, best.tools, ({ calls, failed }) => ({ calls, failed })).filter(hasWorked).sort(surestTool).slice(0, shownNames),
    factors: named(best, best.factors, () => ({})).sort(surestName).slice(0, shownNames),
  }
}

const named = <Own extends Evidence, More>(approach: Evidence, names: ReadonlyMap<string, Own>, moreOf: (own: Own) => More): (NamedEvidence & More)[] =>
  [...names]
    .map(([name, own]) => {
      // Sums that are nearly equal may leave a rounding error below 0, which `wilson` takes for nothing.
      const others = wilson(approach.reward - own.reward, approach.weight - own.weight)
      return { name, runs: own.runs, success: own.share, difference: newcombe(own.share, others), ...moreOf(own) }
    })
    .filter(({ difference, success }) => difference.high > 0 && success.of > 0)

const surestName = (left: NamedEvidence, right: NamedEvidence): number =>
  right.success.low - left.success.low || right.runs - left.runs || (left.name < right.name ? -1 : 1)

/** What never did its work recommends itself by nothing. */
const hasWorked = ({ calls, failed }: ToolEvidence): boolean => failed < calls

/** Tools of the same runs differ by their calls alone. */
const surestTool = (left: ToolEvidence, right: ToolEvidence): number =>
  right.success.low - left.success.low || left.failed / left.calls - right.failed / right.calls || surestName(left, right)
