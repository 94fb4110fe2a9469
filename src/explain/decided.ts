import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Ask, Distribution, Option, Policy } from '../decide/policy.ts'
import { unpackProbabilities } from '../decide/probabilities.ts'
import type { Dossier } from '../feedback/dossier.ts'
import type { DecisionSettled } from '../learn/learner.ts'
import { optionModel, type OptionModelView } from '../learn/learners/option-model.ts'
import type { FactOf } from '../log/fact.ts'
import { unpackFeatures } from '../log/packed.ts'
import type { Scope } from '../scope.ts'
import { carriersOf, dossiersBefore } from './carriers.ts'
import { Budget, type Candidate, learnedFrom, type Posed, rankCandidates, recommendedIn, smallestSet, standing, weighed } from './counterfactual.ts'
import { type Evidence, mostSettlements } from './evidence.ts'
import type { ExplainedDecision, ExplainedOption, Lesson, Teaching } from './explanation.ts'

/**
 * Limits of the search for the facts behind one decision. A fold learns at most {@link mostSettlements} settlements; all folds of a search together
 * at most this many, and so a search ends within seconds.
 */
export const mostLearned = 2_000_000
const fewestFolds = 16
const mostFolds = 400

/** Lessons named when nothing could be proven. */
const shownLessons = 10

/** A decision with what is needed to weigh it again. */
interface Case {
  readonly fact: FactOf<'decision.made'>
  readonly options: readonly Option[]
  readonly probabilities: Distribution
  readonly ask: Ask
  readonly recommended: number | undefined
  readonly total: number
  readonly settlements: readonly DecisionSettled[]
}

/** What the search found. */
interface Taught {
  readonly teaching: Teaching
  readonly reason: string
  readonly candidates: readonly Candidate[]
  readonly expected?: Float64Array
}

/** Says how one decision came about and which facts taught it. */
export const explainDecision = async (scope: Scope, fact: FactOf<'decision.made'>, dossier: Dossier, evidence: Evidence): Promise<ExplainedDecision> => {
  const given = await caseOf(scope, fact, evidence)
  const { teaching, reason, candidates, expected } = await taughtBy(scope, given)
  const lessons = await lessonsOf(scope, given, candidates)
  const options = given.options.map((option, place): ExplainedOption => {
    const expectation = expected?.[place]
    return {
      ...option,
      probability: given.probabilities[place] ?? 0,
      similarity: given.ask.similarities[place] ?? 0,
      ...(expectation === undefined ? {} : { expected: expectation }),
    }
  })
  const { data } = fact
  const best = given.probabilities.reduce((left, right) => Math.max(left, right), 0)
  const recommended = given.recommended === undefined ? undefined : given.options[given.recommended]?.id
  const decision = dossier.decisions.get(fact.id)
  const settlement = decision === undefined ? undefined : dossier.settlementOf(decision)
  const expectedOfDrawn = expected?.[data.index]
  return {
    id: fact.id,
    point: data.point,
    ...(data.advice === undefined ? {} : { advice: data.advice }),
    decidedAt: fact.occurredAt,
    option: data.option,
    propensity: data.propensity,
    ...(recommended === undefined ? {} : { recommended }),
    explored: (given.probabilities[data.index] ?? 0) < best,
    policy: data.policy,
    estimated: data.estimated,
    seed: data.seed,
    ...(expectedOfDrawn === undefined ? {} : { expected: expectedOfDrawn }),
    options: options.sort((left, right) => right.probability - left.probability),
    ...(dossier.recorded === undefined || settlement === undefined ? {} : { taken: settlement.option }),
    ...(settlement?.verdict === undefined ? {} : { verdict: settlement.verdict }),
    teaching,
    reason,
    lessons,
    settled: given.total,
    facts: teaching === 'found' ? [...new Set(lessons.flatMap((lesson) => lesson.facts))] : [],
  }
}

const caseOf = async (scope: Scope, fact: FactOf<'decision.made'>, evidence: Evidence): Promise<Case> => {
  const { data } = fact
  const set = await scope.storage.optionSet(scope.namespace, data.optionSet)
  // Without its option set a decision is still known by the option that was drawn.
  const options = set === undefined ? [{ id: data.option }] : set.options.map(({ id, description }) => (description === undefined ? { id } : { id, description }))
  const probabilities = set === undefined ? Float64Array.of(data.propensity) : unpackProbabilities(data.probabilities, options.length)
  const ask: Ask = {
    point: data.point,
    options,
    features: unpackFeatures(data.features),
    similarities: Float64Array.from(options, ({ id }) => data.similarities[id] ?? 0),
    ...(data.state === undefined ? {} : { state: data.state }),
  }
  return { fact, options, probabilities, ask, recommended: recommendedIn(probabilities), ...evidence.ofPoint({ name: data.point, before: fact.sequence }) }
}

/** Only a policy on the option model is weighed again; which it is, its own name says. */
const traceable = (policy: Policy | undefined): policy is Policy<OptionModelView> => policy?.learner === optionModel.name

const taughtBy = async (scope: Scope, given: Case): Promise<Taught> => {
  const { fact, options, recommended, settlements, total, ask } = given
  const policy = scope.policies.get(fact.data.policy)
  const nothing = (reason: string): Taught => ({ teaching: 'untaught', reason, candidates: [] })
  if (options.length === 1) return nothing('There was only one option.')
  if (policy !== undefined && policy.learner === undefined) return nothing(`The policy "${policy.name}" does not learn.`)
  if (!traceable(policy)) return { ...nothing(`What the policy "${fact.data.policy}" learns cannot be traced here.`), teaching: 'unproven' }
  const posed: Posed = { policy, ask, seed: fact.data.seed }
  if (total > mostSettlements) {
    const reason = `Its choice point had ${total} verdicts, more than the ${mostSettlements} up to which a proof is sought; these moved it most.`
    return { teaching: 'unproven', reason, candidates: strongest(posed, given, learnedFrom(settlements)) }
  }
  const view = learnedFrom(settlements)
  const expected = policy.expect?.(view, ask)
  const rest = expected === undefined ? {} : { expected }
  if (recommended === undefined) return { ...nothing('Several options shared the highest probability; chance decided among them.'), ...rest }
  if (recommendedIn(weighed(posed, view)) !== recommended) {
    const reason = 'Folded again, the log of that time recommends another option: some of what it had learned from was erased since, or the learner has changed.'
    return { teaching: 'unproven', reason, candidates: [], ...rest }
  }
  return { ...(await search(posed, given, view, recommended)), ...rest }
}

/** The option that a policy would take first if the recommended one were not there. */
const runnerUp = (values: Float64Array, recommended: number): number | undefined => {
  let best: number | undefined
  for (const [place, value] of values.entries()) {
    if (place !== recommended && (best === undefined || value > (values[best] ?? -Infinity))) best = place
  }
  return best
}

/** How a decision may turn out to be different: another option is recommended, or at least this one no longer is. */
const differences = [
  (weights: Distribution, recommended: number) => weights.some((weight) => weight > (weights[recommended] ?? 0)),
  (weights: Distribution, recommended: number) => recommendedIn(weights) !== recommended,
]

const search = async (posed: Posed, { options, settlements }: Case, view: OptionModelView, recommended: number): Promise<Taught> => {
  const folds = Math.min(mostFolds, Math.max(fewestFolds, Math.floor(mostLearned / Math.max(1, settlements.length))))
  const budget = new Budget(folds)
  const mean = view.mean(posed.ask.point)
  const favoured = options[recommended]?.id ?? ''
  // The strongest rival of what was learned, and that of one who had learned nothing.
  const rivals = new Set([view, learnedFrom([])].map((model) => runnerUp(model.values(posed.ask), recommended)))
  for (const differs of differences) {
    let found: readonly Candidate[] | undefined
    for (const rival of rivals) {
      const candidates = rankCandidates(settlements, posed, mean, favoured, rival === undefined ? undefined : options[rival]?.id)
      const set = await smallestSet(
        candidates,
        async (left) => {
          await nextTurn()
          return differs(weighed(posed, learnedFrom(settlements, new Set(left.map(({ run }) => run)))), recommended)
        },
        budget,
      )
      if (set !== undefined && (found === undefined || set.length < found.length)) found = set
    }
    if (found !== undefined) return { teaching: 'found', reason: foundReason(found.length, favoured), candidates: found }
  }
  if (budget.left < 0) {
    const reason = `No set of facts was found within ${folds} tries; these moved it most.`
    return { teaching: 'unproven', reason, candidates: strongest(posed, { options, settlements, recommended }, view) }
  }
  return { teaching: 'untaught', reason: 'Without any verdict it would be the same: the descriptions of the options decide.', candidates: [] }
}

const foundReason = (runs: number, favoured: string): string =>
  `Without ${runs === 1 ? 'one earlier run' : `${runs} earlier runs`}, "${favoured}" would not be recommended.`

const strongest = (posed: Posed, { options, settlements, recommended }: Pick<Case, 'options' | 'settlements' | 'recommended'>, view: OptionModelView): Candidate[] => {
  const favoured = recommended === undefined ? undefined : options[recommended]?.id
  if (recommended === undefined || favoured === undefined) return []
  const rival = runnerUp(view.values(posed.ask), recommended)
  return rankCandidates(settlements, posed, view.mean(posed.ask.point), favoured, rival === undefined ? undefined : options[rival]?.id)
    .filter(({ contribution }) => contribution > 0)
    .slice(0, shownLessons)
}

const lessonsOf = async (scope: Scope, { fact, settlements }: Case, candidates: readonly Candidate[]): Promise<Lesson[]> => {
  const contributions = new Map(candidates.map(({ run, contribution }) => [run, contribution]))
  const dossiers = await dossiersBefore(scope.storage, scope.namespace, [...contributions.keys()], fact.sequence)
  const lessons = standing(settlements).flatMap(({ run, decision, option, current }): Lesson[] => {
    const [contribution, dossier] = [contributions.get(run), dossiers.get(run)]
    if (contribution === undefined || dossier === undefined || current === undefined) return []
    return [{ run, decision, option, verdict: current, contribution, facts: carriersOf(dossier) }]
  })
  return lessons.sort((left, right) => right.contribution - left.contribution)
}
