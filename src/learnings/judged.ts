import { liftOf, quickLow, type Stratum, successOf } from '../evaluate/statistics/lift.ts'
import { textDigest } from '../log/canonical.ts'
import type { Found } from './found.ts'
import { type Band, bands, isWarning, type Learning } from './learning.ts'
import { descriptionOf, titleOf } from './words.ts'

const mostEvidence = 20

const leastConfidence: Readonly<Record<Band, number>> = { LOW: 0, MEDIUM: 0.5, HIGH: 0.7, VERY_HIGH: 0.85 }

const bandOf = (confidence: number): Band => bands.findLast((band) => confidence >= leastConfidence[band]) ?? 'LOW'

const idOf = ({ type, agent, kind, key }: Found): string => `learning_${textDigest(JSON.stringify([type, agent ?? null, kind ?? null, key])).slice(0, 20)}`

const rateOf = ({ weight, reward }: Stratum['with']): number => (weight > 0 ? reward / weight : 0)

/** Agents whose runs it was seen in. */
export const agentsOf = ({ agent, runs }: Found): readonly string[] => (agent === undefined ? [...new Set(runs.flatMap((run) => run.agent ?? []))].sort() : [agent])

/** Whether it holds for two agents at least, each by itself. */
const holdsForSeveral = ({ strata }: Found): boolean =>
  strata.filter(({ with: own, all }) => rateOf(own) > rateOf({ weight: all.weight - own.weight, reward: all.reward - own.reward })).length > 1

/** How sure something is that recurs: what is asked of all, whether it is then told or not. */
export interface Judged extends Pick<Learning, 'id' | 'success' | 'confidence' | 'band' | 'validated'> {
  readonly found: Found
}

/** The same strata by what went wrong. */
const failuresOf = (strata: readonly Stratum[]): Stratum[] =>
  strata.map(({ with: own, all }) => ({ with: { ...own, reward: own.weight - own.reward }, all: { ...all, reward: all.weight - all.reward } }))

export const judged = (found: Found): Judged => {
  const { type, strata } = found
  const claimed = isWarning(type) ? failuresOf(strata) : strata
  const confidence = successOf(claimed).low
  // What does not stand out at one look does not at all times; that leaves out nearly all.
  const stands = quickLow(claimed) > 0 && liftOf(claimed).lift.low > 0
  return { id: idOf(found), found, success: successOf(strata), confidence, band: bandOf(confidence), validated: stands && (type !== 'best_practice' || holdsForSeveral(found)) }
}

/** The validated first, then the surest, then what more runs have. */
export const surest = (left: Judged, right: Judged): number =>
  Number(right.validated) - Number(left.validated) || right.confidence - left.confidence || right.found.runs.length - left.found.runs.length || (left.id < right.id ? -1 : 1)

/** All that is known of it, in words too. */
export const learningOf = ({ id, found, success, confidence, band, validated }: Judged): Learning => {
  const { type, agent, kind, actions, approach, figures, fix, runs, strata } = found
  const facts = {
    type,
    ...(agent === undefined ? {} : { agent }),
    agents: agentsOf(found),
    ...(kind === undefined ? {} : { kind }),
    ...(actions === undefined ? {} : { actions }),
    ...(approach === undefined ? {} : { approach }),
    ...(figures === undefined ? {} : { figures }),
    ...(fix === undefined ? {} : { fix }),
    runs: runs.length,
    success,
    ...liftOf(strata),
    confidence,
    band,
    validated,
    evidence: runs.slice(-mostEvidence).map(({ run }) => run).reverse(),
    seenAt: runs.reduce((latest, { seenAt }) => Math.max(latest, seenAt), 0),
  }
  return { id, title: titleOf(facts), description: descriptionOf(facts), ...facts }
}
