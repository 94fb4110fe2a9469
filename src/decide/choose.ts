import { AutodidactError } from '../errors.ts'
import type { NewFactOf } from '../log/fact.ts'
import { newId } from '../log/ids.ts'
import { kinds } from '../log/kinds/index.ts'
import { numbersOf } from '../log/numbers.ts'
import { packFeatures } from '../log/packed.ts'
import type { Assignment, Scope } from '../scope.ts'
import { type Warning, warningOf } from '../warning.ts'
import type { StoredOptionSet } from '../storage/storage.ts'
import type { Features } from '../learn/learner.ts'
import type { OptionSet } from './option-sets.ts'
import type { Ask, Distribution, Option, Policy } from './policy.ts'
import { viewFor } from './policy-view.ts'
import { type PersonalWeights, personalWeights } from './personal.ts'
import { packProbabilities } from './probabilities.ts'
import { seededRandom } from './random.ts'
import { sample } from './sample.ts'
import { similaritiesIn } from './similarity.ts'

/** Which option to take at a choice point, and why. */
export interface Decision {
  readonly id: string
  /** The run it belongs to. */
  readonly run: string
  readonly point: string
  /** Id of the option to take. */
  readonly option: string
  /** Probability with which it was drawn, in (0, 1]; logged before the agent acts. */
  readonly propensity: number
  /** Expected reward of the option in [0, 1], where the policy has one. */
  readonly expected: number | undefined
  readonly policy: string
  readonly reason: string
  /** Probability of each option by id. */
  readonly probabilities: Readonly<Record<string, number>>
  /** The experiment whose arm decided; absent where the policy of the point did. */
  readonly experiment?: { readonly id: string; readonly arm: string }
  readonly warnings: readonly Warning[]
  /** False for a fallback that could not be written to the log. */
  readonly logged: boolean
}

/** The situation of a choice, prepared. */
export interface Choice {
  readonly point: string
  readonly options: OptionSet
  readonly task: string
  readonly features: Features
  readonly run: string
  readonly advice?: string | undefined
  readonly context?: Readonly<Record<string, number | string | boolean>> | undefined
  readonly state?: string | undefined
  readonly agent?: string | undefined
  readonly agentVersion?: string | undefined
  readonly user?: string | undefined
  readonly session?: string | undefined
  readonly source?: string | undefined
  readonly occurredAt?: number | undefined
  /** The arm of an experiment that decides; without one, the policy of the point does. */
  readonly assignment?: Assignment | undefined
}

/** A choice made but not yet written. */
export interface Chosen {
  readonly decision: Decision
  readonly fact: NewFactOf<'decision.made'>
  readonly optionSet: StoredOptionSet
}

/** Draws an option with the policy of its choice point and prepares the fact that says so. */
export const choose = async (scope: Scope, choice: Choice): Promise<Chosen> => {
  const { point } = choice
  const options = choice.options.masked
  const policy = choice.assignment?.policy ?? scope.policyAt(point)
  const numbers = numbersOf(choice.context)
  const ask: Ask = {
    point,
    options,
    features: choice.features,
    similarities: similaritiesIn(choice.options.index, choice.task),
    ...(choice.state === undefined ? {} : { state: choice.state }),
    ...(numbers === undefined ? {} : { context: numbers }),
  }
  const view = await viewFor(scope, policy)
  const refused = policy.learner === undefined ? undefined : scope.settings.credit.refused.at(scope.namespace, point)
  const seed = Math.floor(scope.random() * 2 ** 32)
  const random = seededRandom(seed)
  const general = policy.weigh(view, ask, random)
  const warning = policy.warning?.(ask)
  // Anything else than an array of numbers is refused by the sampler.
  if (general instanceof Float64Array && general.length !== options.length) {
    throw new AutodidactError('INVALID_INPUT', `The policy "${policy.name}" gave ${general.length} weights for ${options.length} options. It must give one for each.`)
  }
  const expected = policy.expect?.(view, ask)
  const personal = await personalFor(scope, choice, { weights: general, expected, learns: policy.learner !== undefined })
  const weights = personal?.weights ?? general
  const index = sample(weights, random)
  const option = options[index]
  if (option === undefined) throw new AutodidactError('STORAGE_FAILED', `The policy "${policy.name}" chose an option that was not offered.`)
  const decision: Decision = {
    id: newId('decision'),
    run: choice.run,
    point,
    option: option.id,
    propensity: weights[index] ?? 0,
    expected: expected?.[index],
    policy: policy.name,
    reason: `${reasonOf(policy, options, weights, expected, index)}${ownReason(personal)}`,
    probabilities: Object.fromEntries(options.map(({ id }, place) => [id, weights[place] ?? 0])),
    ...(choice.assignment === undefined ? {} : { experiment: { id: choice.assignment.experiment.id, arm: choice.assignment.experiment.arm } }),
    warnings: [...(refused === undefined ? [] : [warningOf(refused)]), ...(warning === undefined ? [] : [warning])],
    logged: true,
  }
  return { decision, ...factOf(scope, choice, decision, { ask, policy, weights, index, seed, values: policy.values?.(view, ask), personal }) }
}

interface Draw {
  readonly ask: Ask
  readonly policy: Policy
  readonly weights: Distribution
  readonly index: number
  readonly seed: number
  readonly values: Float64Array | undefined
  readonly personal: PersonalWeights | undefined
}

/** The arm of an experiment decides alone, and without learning there is nothing to compare with that is anybody's own. */
const personalFor = async (
  scope: Scope,
  { point, options, user, assignment }: Choice,
  weighed: { readonly weights: Distribution; readonly expected: Float64Array | undefined; readonly learns: boolean },
): Promise<PersonalWeights | undefined> => {
  const { personalisation, learning } = scope.settings
  // What is no array of numbers is for the sampler to refuse.
  if (user === undefined || !personalisation || !learning || assignment !== undefined || !(weighed.weights instanceof Float64Array)) return undefined
  return personalWeights(scope, { user, point, options: options.written, ...weighed })
}

const ownReason = (personal: PersonalWeights | undefined): string => {
  const { stated, learned } = personal?.shares ?? {}
  return `${learned === undefined ? '' : `; what this user was content with decides a share of ${rounded(learned)}`}${stated === undefined ? '' : `; what this user prefers decides a share of ${rounded(stated)}`}`
}

const factOf = (scope: Scope, choice: Choice, decision: Decision, draw: Draw): Omit<Chosen, 'decision'> => {
  const { deadlineMs = scope.settings.deadlineMs, defaultReward } = scope.settings.points.get(choice.point) ?? {}
  const occurredAt = choice.occurredAt ?? scope.clock()
  const { key, written: options } = choice.options
  const similar: [string, number][] = []
  for (const [place, { id }] of options.entries()) {
    const similarity = draw.ask.similarities[place] ?? 0
    if (similarity > 0) similar.push([id, similarity])
  }
  const data = {
    point: choice.point,
    optionSet: key,
    option: decision.option,
    index: draw.index,
    propensity: decision.propensity,
    probabilities: packProbabilities(draw.weights),
    policy: draw.policy.name,
    estimated: draw.policy.estimated,
    // Mixed weights are no multiples of 1 / draws any more.
    ...(draw.policy.draws === undefined || draw.personal !== undefined ? {} : { draws: draw.policy.draws }),
    seed: draw.seed,
    features: packFeatures(choice.features),
    similarities: Object.fromEntries(similar),
    ...(draw.values === undefined ? {} : { values: Object.fromEntries(options.map(({ id }, place) => [id, draw.values?.[place] ?? 0])) }),
    ...(choice.context === undefined ? {} : { context: choice.context }),
    ...(choice.state === undefined ? {} : { state: choice.state }),
    ...(choice.advice === undefined ? {} : { advice: choice.advice }),
    expiresAt: occurredAt + deadlineMs,
    ...(defaultReward === undefined ? {} : { defaultReward }),
    ...(choice.assignment === undefined ? {} : { experiment: choice.assignment.experiment }),
    ...(draw.personal === undefined ? {} : { personal: draw.personal.shares }),
  }
  const fact: NewFactOf<'decision.made'> = {
    id: decision.id,
    kind: 'decision.made',
    version: kinds['decision.made'].version,
    occurredAt,
    agent: choice.agent,
    agentVersion: choice.agentVersion,
    user: choice.user,
    session: choice.session,
    run: choice.run,
    source: choice.source ?? 'host',
    trust: 'agent',
    // Ids of decisions are ours and never repeated.
    digest: decision.id,
    data,
  }
  return { fact, optionSet: { key, options } }
}

const rounded = (value: number): string => value.toFixed(2)

const reasonOf = (policy: Policy, options: readonly Option[], weights: Distribution, expected: Float64Array | undefined, index: number): string => {
  if (options.length === 1) return 'the only option'
  const chance = rounded(weights[index] ?? 0)
  const most = weights.reduce((left, right) => Math.max(left, right), 0)
  if (expected === undefined) return `drawn by "${policy.name}" with probability ${chance}`
  const own = expected[index] ?? 0
  const best = expected.reduce((left, right, place) => (place === index ? left : Math.max(left, right)), -Infinity)
  if ((weights[index] ?? 0) < most) return `explored with probability ${chance}: expected ${rounded(own)}, the best ${rounded(best)}`
  return `expected ${rounded(own)}, the next best ${rounded(best)}; probability ${chance}`
}

/** The choice of an agent that knows nothing, for when the learning layer fails: uniform, and not in the log. */
export const uniformDecision = (scope: Scope, point: string, options: readonly Option[], run: string, warning: Warning): Decision => {
  const share = 1 / options.length
  const index = Math.min(options.length - 1, Math.floor(scope.random() * options.length))
  return {
    id: newId('decision'),
    run,
    point,
    option: options[index]?.id ?? '',
    propensity: share,
    expected: undefined,
    policy: 'uniform',
    reason: `the learning layer failed (${warning.code}); drawn uniformly`,
    probabilities: Object.fromEntries(options.map(({ id }) => [id, share])),
    warnings: [warning],
    logged: false,
  }
}
