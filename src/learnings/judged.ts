import { liftOf, type Stratum, successOf } from '../evaluate/statistics/lift.ts'
import { wilson } from '../evaluate/statistics/wilson.ts'
import { textDigest } from '../log/canonical.ts'
import type { Found } from './found.ts'
import { type Band, bands, isWarning, type Learning } from './learning.ts'
import { descriptionOf, titleOf } from './words.ts'

const mostEvidence = 20

const leastConfidence: Readonly<Record<Band, number>> = { LOW: 0, MEDIUM: 0.5, HIGH: 0.7, VERY_HIGH: 0.85 }

const bandOf = (confidence: number): Band => bands.findLast((band) => confidence >= leastConfidence[band]) ?? 'LOW'

const idOf = ({ type, agent, kind, key }: Found): string => `learning_${textDigest(JSON.stringify([type, agent ?? null, kind ?? null, key])).slice(0, 20)}`

const rateOf = ({ weight, reward }: Stratum['with']): number => (weight > 0 ? reward / weight : 0)

/** Whether it holds for two agents at least, each by itself. */
const holdsForSeveral = ({ strata }: Found): boolean =>
  strata.filter(({ with: own, all }) => rateOf(own) > rateOf({ weight: all.weight - own.weight, reward: all.reward - own.reward })).length > 1

/** What is known of something that recurs, and how sure it is. */
export const judged = (found: Found): Learning => {
  const { type, agent, kind, actions, approach, figures, fix, runs, strata } = found
  const success = successOf(strata)
  const { baseline, lift } = liftOf(strata)
  const isOfFailure = isWarning(type)
  const confidence = isOfFailure ? wilson(success.of - success.count, success.of).low : success.low
  const stands = isOfFailure ? lift.high < 0 : lift.low > 0
  const facts = {
    type,
    ...(agent === undefined ? {} : { agent }),
    agents: [...new Set(runs.flatMap((run) => run.agent ?? []))].sort(),
    ...(kind === undefined ? {} : { kind }),
    ...(actions === undefined ? {} : { actions }),
    ...(approach === undefined ? {} : { approach }),
    ...(figures === undefined ? {} : { figures }),
    ...(fix === undefined ? {} : { fix }),
    runs: runs.length,
    success,
    baseline,
    lift,
    confidence,
    band: bandOf(confidence),
    validated: stands && (type !== 'best_practice' || holdsForSeveral(found)),
    evidence: runs.slice(-mostEvidence).map(({ run }) => run).reverse(),
    seenAt: runs.reduce((latest, { seenAt }) => Math.max(latest, seenAt), 0),
  }
  return { id: idOf(found), title: titleOf(facts), description: descriptionOf(facts), ...facts }
}

/** The validated first, then the surest, then what more runs have. */
export const surest = (left: Learning, right: Learning): number =>
  Number(right.validated) - Number(left.validated) || right.confidence - left.confidence || right.runs - left.runs || (left.id < right.id ? -1 : 1)
