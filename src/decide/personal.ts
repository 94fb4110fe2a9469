import { statedPreferences, type StatedPreference } from '../learn/learners/stated-preferences.ts'
import { type PersonalView, userPreferences } from '../learn/learners/user-preferences.ts'
import type { Taste } from '../learn/structures/taste.ts'
import type { Scope } from '../scope.ts'
import type { Distribution, Option } from './policy.ts'

/** At most so much of a decision goes by what was learned of a user: the rest stays with the policy, which explores. */
const mostLearned = 0.9

/** Weights with what is a user's own mixed in, and how much of them that is. */
export interface PersonalWeights {
  readonly weights: Distribution
  /** Absent parts had no say. */
  readonly shares: { readonly stated?: number; readonly learned?: number }
}

/** What is weighed for somebody. */
export interface PersonalAsk {
  readonly user: string
  readonly point: string
  readonly options: readonly Option[]
  readonly weights: Distribution
  /** Expected reward of each option, where the policy has one. */
  readonly expected: Float64Array | undefined
  /** False for a policy that learns nothing: what was learned of the user must not change it, either. */
  readonly learns: boolean
}

/** (1 − share) · weights + share · preferred, without a probability that rounding makes more than 1. */
const mixed = (weights: Distribution, preferred: Distribution, share: number): Distribution =>
  weights.map((weight, place) => Math.min(1, (1 - share) * weight + share * (preferred[place] ?? 0)))

/**
 * The options that a user wants here, in proportion to the strengths, and the share of the decisions that goes to them: 1 − Π (1 − strength), for one preference its strength. Undefined where none of
 * them is offered.
 */
export const statedShares = (stated: readonly StatedPreference[], point: string, options: readonly Option[]): { readonly preferred: Distribution; readonly share: number } | undefined => {
  const wanted = stated.flatMap(({ choice }) => (choice?.point === point ? [choice] : []))
  if (wanted.length === 0) return undefined
  const places = new Map(options.map(({ id }, place) => [id, place]))
  const preferred = new Float64Array(options.length)
  let [total, left] = [0, 1]
  for (const { option, strength } of wanted) {
    const place = places.get(option)
    if (place === undefined) continue
    preferred[place] = (preferred[place] ?? 0) + strength
    total += strength
    left *= 1 - strength
  }
  return total === 0 ? undefined : { preferred: preferred.map((strength) => strength / total), share: 1 - left }
}

const untried: Taste = { advantage: 0, variance: 0 }

/**
 * The option that is best for a user by what is expected of it and how much more content they are with it than everybody, and the share of the decisions that goes to it. With z the lead that their
 * taste gives it over what the policy would take otherwise, in standard errors, the share is 1 − 1/z², the positive part of a shrunk estimate (James and Stein 1961), and at most .9: none as long
 * as the lead may be chance.
 */
export const learnedShare = (expected: Float64Array, tastes: readonly Taste[], weights: Distribution): { readonly place: number; readonly share: number } | undefined => {
  let [best, most] = [0, -Infinity]
  for (const [place, value] of expected.entries()) {
    const worth = value + (tastes[place]?.advantage ?? 0)
    if (worth > most) [best, most] = [place, worth]
  }
  const own = tastes[best] ?? untried
  const others = 1 - (weights[best] ?? 0)
  let [lead, variance] = [others * own.advantage, others ** 2 * own.variance]
  for (const [place, weight] of weights.entries()) {
    if (place === best) continue
    const taste = tastes[place] ?? untried
    lead -= weight * taste.advantage
    variance += weight ** 2 * taste.variance
  }
  // What would be taken anyway leaves nothing to win, and rounding errors to win it by.
  if (!(lead > 1e-9)) return undefined
  const share = Math.min(mostLearned, 1 - variance / lead ** 2)
  return share > 0 ? { place: best, share } : undefined
}

const withLearned = (personal: PersonalView, { point, options, weights, expected }: PersonalAsk): { readonly weights: Distribution; readonly share: number } | undefined => {
  const tastes = personal.optionsAt(point)
  if (tastes.size === 0) return undefined
  const values = expected ?? Float64Array.from(options, ({ id }) => personal.meanOf(point, id))
  const chosen = learnedShare(values, options.map(({ id }) => tastes.get(id) ?? untried), weights)
  if (chosen === undefined) return undefined
  const preferred = new Float64Array(options.length)
  preferred[chosen.place] = 1
  return { weights: mixed(weights, preferred, chosen.share), share: chosen.share }
}

/**
 * The weights of a policy with what is a user's own mixed in: first what was learned of them, then what they said. Undefined where there is nothing, so that the weights stay as they are, bit for bit.
 * The result is the distribution that is drawn from and logged.
 */
export const personalWeights = async ({ runner, namespace }: Scope, ask: PersonalAsk): Promise<PersonalWeights | undefined> => {
  const { user, point, options, learns } = ask
  if (options.length < 2) return undefined
  const personal = learns ? await runner.ask(namespace, userPreferences, (view) => view.of(user)) : undefined
  const learned = personal === undefined ? undefined : withLearned(personal, ask)
  const stated = statedShares((await runner.view(namespace, statedPreferences)).of(user), point, options)
  if (learned === undefined && stated === undefined) return undefined
  const weights = learned?.weights ?? ask.weights
  return {
    weights: stated === undefined ? weights : mixed(weights, stated.preferred, stated.share),
    shares: { ...(stated === undefined ? {} : { stated: stated.share }), ...(learned === undefined ? {} : { learned: learned.share }) },
  }
}
