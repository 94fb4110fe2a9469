import type { Tried } from './candidate.ts'
import { isEmpty, isZero } from './judge.ts'
import type { Difference } from './second-look.ts'
import { largestOf } from '../ranking/worths.ts'

/** What is looked at to tell how certain an answer is. */
export interface Circumstances {
  /** The candidates that were run. */
  readonly tried: readonly Tried[]
  /** The one that is chosen. */
  readonly chosen: Tried
  /** Probability of its rows, and of the next likely ones. */
  readonly mass: number
  readonly secondMass: number
  /** How the question differs from the nearest case. */
  readonly difference: Difference
  /** Share of the question's words that no case has. */
  readonly strange: number
  /** What the words tell that no case of the chosen query's template has, as a share of what all words of the question tell. */
  readonly unmet: number
  readonly cases: number
}

/** Initial weights of the signs, in the order of {@link signsOf}; the last is the constant. Rough on purpose, so that they hold for any database. */
export const priorSigns: readonly number[] = [0, 0.5, 0.5, 0.5, 1, 0.5, 2, 0, 0.5, -1, -1, -0.5, -0.5, 0, -1, -2, -1, -0.5, 0.5, -1, -0.5, 0.5, 0, -1, -2.5]

/** Signs of certainty, each of the order of 1. Among them is whether simpler ways to choose agree: the more of them do, the surer. */
export const signsOf = ({ tried, chosen, mass, secondMass, difference, strange, unmet, cases }: Circumstances): number[] => {
  const agrees = (worth: (tried: Tried) => number): number => Number(largestOf(tried, worth)?.key === chosen.key)
  const { evidence } = chosen
  const nearest = tried.reduce((most, other) => Math.max(most, other.evidence.nearest), 0)
  const bounded = Math.min(0.999, Math.max(0.001, mass))
  // Where next to nothing fits the question's values, that all agree says nothing.
  const results = new Set(tried.map(({ key }) => key)).size
  const contested = 1 - 1 / results
  return [
    agrees((other) => other.evidence.nearest), agrees(({ candidate }) => candidate.fromFragments), agrees((other) => -other.evidence.lacking - 3 * other.evidence.unexplained),
    evidence.second, (contested * Math.log(bounded / (1 - bounded))) / 3, (contested * Math.log((mass + 1e-3) / (secondMass + 1e-3))) / 3, evidence.nearest, nearest, evidence.frequency / 2,
    evidence.open, evidence.absent, evidence.exchanged, evidence.nested, evidence.lacking, evidence.unexplained, strange,
    Number(isEmpty(chosen.key)), Number(isZero(chosen.key)), Math.log(1 + cases) / 5, difference.added, difference.missing, Number(difference.same), 1 - contested, unmet,
  ]
}
