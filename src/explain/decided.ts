import { policyNames, policyOf } from '../decide/policies.ts'
import { loggedAsk, optionsIn } from '../decide/logged-ask.ts'
import type { Distribution, Option, Policy } from '../decide/policy.ts'
import { isExploration, unpackProbabilities } from '../decide/probabilities.ts'
import type { Dossier } from '../credit/dossier.ts'
import type { DecisionSettled } from '../learn/learner.ts'
import { whole } from '../log/blobs.ts'
import type { FactOf } from '../log/fact.ts'
import type { Scope } from '../scope.ts'
import { carriersOf, dossiersBefore } from './carriers.ts'
import { type Candidate, recommendedIn, standing } from './counterfactual.ts'
import type { Evidence } from './evidence.ts'
import type { ExplainedDecision, ExplainedOption, Lesson } from './explanation.ts'
import { taughtBy } from './teaching.ts'

type Made = FactOf<'decision.made'>

/** What was offered, and with which probabilities. */
interface Offer {
  readonly options: readonly Option[]
  /** Aligned with the options. */
  readonly probabilities: Distribution
  /** Whether a less probable option was drawn. */
  readonly explored: boolean
}

/** Says how one decision came about and which facts taught it. */
export const explainDecision = async (scope: Scope, fact: Made, dossier: Dossier, evidence: Evidence): Promise<ExplainedDecision> => {
  const { data } = fact
  const { options, probabilities, explored } = await offerOf(scope, fact)
  const ask = loggedAsk(data, options)
  const recommended = recommendedIn(probabilities)
  const { settlements, total } = evidence.ofPoint({ name: data.point, before: fact.sequence })
  const policy = policyNamed(scope, data.point, data.policy)
  const { teaching, reason, candidates, expected } = await taughtBy({ policy, policyName: data.policy, seed: data.seed, ask, recommended, settlements, total, isPersonal: data.personal !== undefined })
  const lessons = await lessonsOf(scope, fact, settlements, candidates)
  const decision = dossier.decisions.get(fact.id)
  const settlement = decision === undefined ? undefined : dossier.settlementOf(decision)
  return {
    id: fact.id,
    point: data.point,
    ...optional('advice', data.advice),
    decidedAt: fact.occurredAt,
    option: data.option,
    propensity: data.propensity,
    ...optional('recommended', recommended === undefined ? undefined : options[recommended]?.id),
    explored,
    policy: data.policy,
    estimated: data.estimated,
    ...optional('experiment', data.experiment),
    ...optional('personal', data.personal),
    seed: data.seed,
    ...optional('expected', expected?.[data.index]),
    options: options
      .map((option, place): ExplainedOption => ({
        ...option,
        probability: probabilities[place] ?? 0,
        similarity: ask.similarities[place] ?? 0,
        ...optional('expected', expected?.[place]),
      }))
      .sort((left, right) => right.probability - left.probability),
    ...optional('taken', dossier.recorded === undefined ? undefined : settlement?.option),
    ...optional('verdict', settlement?.verdict),
    teaching,
    reason,
    lessons,
    settled: total,
    facts: teaching === 'found' ? [...new Set(lessons.flatMap((lesson) => lesson.facts))] : [],
  }
}

/** The policy that decided, as far as it can be had: the one that is configured now, or a built-in one as it comes. Undefined for one's own that is gone. */
const policyNamed = (scope: Scope, point: string, name: string): Policy | undefined => {
  const present = scope.policyAt(point)
  if (present.name === name) return present
  const known = policyNames.find((candidate) => candidate === name)
  return known === undefined ? undefined : policyOf({ name: known })
}

/** A field that is there only when it has a value. */
const optional = <Name extends string, Value>(name: Name, value: Value | undefined): { readonly [Key in Name]?: Value } =>
  // The name is a literal, so the object has exactly this field.
  (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: Value }

const offerOf = async (scope: Scope, fact: Made): Promise<Offer> => {
  const { data } = await whole(scope.storage, fact)
  const set = await scope.storage.optionSet(scope.namespace, data.optionSet)
  const explored = isExploration(data.probabilities, data.propensity)
  // Without its option set a decision is still known by the option that was drawn.
  if (set === undefined) return { options: [{ id: data.option }], probabilities: Float64Array.of(data.propensity), explored }
  const options = optionsIn(set)
  return { options, probabilities: unpackProbabilities(data.probabilities, options.length), explored }
}

/** The verdicts of the candidates' runs, and the facts that carry them. */
const lessonsOf = async (scope: Scope, fact: Made, settlements: readonly DecisionSettled[], candidates: readonly Candidate[]): Promise<Lesson[]> => {
  const contributions = new Map(candidates.map(({ run, contribution }) => [run, contribution]))
  const dossiers = await dossiersBefore(scope, [...contributions.keys()], fact.sequence)
  const lessons = standing(settlements).flatMap(({ run, decision, option, current }): Lesson[] => {
    const [contribution, dossier] = [contributions.get(run), dossiers.get(run)]
    if (contribution === undefined || dossier === undefined || current === undefined) return []
    return [{ run, decision, option, verdict: current, contribution, facts: carriersOf(dossier) }]
  })
  return lessons.sort((left, right) => right.contribution - left.contribution)
}
