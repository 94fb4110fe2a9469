import { liftOf, quickLift, type Stratum, successOf } from '../statistics/lift.ts'
import { textDigest } from '../log/canonical.ts'
import { countOf, type Found } from './found.ts'
import { type Band, bands, isWarning, type Learning } from './learning.ts'
import { adviceOf, descriptionOf, titleOf } from './words.ts'

/** Runs of a learning that are named. */
export const mostEvidence = 20

const leastConfidence: Readonly<Record<Band, number>> = { LOW: 0, MEDIUM: 0.5, HIGH: 0.7, VERY_HIGH: 0.85 }

const bandOf = (confidence: number): Band => bands.findLast((band) => confidence >= leastConfidence[band]) ?? 'LOW'

/** The marks of what is of several agents, or does harm, keep it apart from what has the same key: the ids of all else are those of before. */
const idOf = ({ type, from, several, agent, kind, key }: Found): string => {
  const marks = [...(from === undefined ? [] : [from]), ...(type === 'failure_pattern' && several === true ? ['several'] : [])]
  return `learning_${textDigest(JSON.stringify([type, agent ?? null, kind ?? null, key, ...marks])).slice(0, 20)}`
}

const rateOf = ({ weight, reward }: Stratum['with']): number => (weight > 0 ? reward / weight : 0)

/** Agents whose runs it was seen in. */
export const agentsOf = ({ agent, runs }: Found): readonly string[] => (agent === undefined ? [...new Set(runs.flatMap((run) => run.agent ?? []))].sort() : [agent])

/** How sure something is that recurs: what is asked of all, whether it is then told or not. */
export interface Judged extends Pick<Learning, 'id' | 'success' | 'confidence' | 'band' | 'validated' | 'alike'> {
  readonly found: Found
}

/** The same strata by what went wrong. */
const failuresOf = (strata: readonly Stratum[]): Stratum[] =>
  strata.map(({ with: own, all }) => ({ with: { ...own, reward: own.weight - own.reward }, all: { ...all, reward: all.weight - all.reward } }))

/** Strata by what the type claims: that runs go well, or that they go wrong. */
export const claimedBy = (type: Found['type'], strata: readonly Stratum[]): readonly Stratum[] => (isWarning(type) ? failuresOf(strata) : strata)

/** Whether the whole interval of the lift is above 0. What does not stand out at one look does not at all times; that leaves out nearly all. */
export const isShown = (claimed: readonly Stratum[]): boolean => quickLift(claimed).low > 0 && liftOf(claimed).lift.low > 0

/** Whether the claim is true of two agents at least, each by itself. */
const holdsForSeveral = (claimed: readonly Stratum[]): boolean =>
  claimed.filter(({ with: own, all }) => rateOf(own) > rateOf({ weight: all.weight - own.weight, reward: all.reward - own.reward })).length > 1

const judgedBy = (found: Found, claimed: readonly Stratum[]): Judged => {
  const confidence = successOf(claimed).low
  const validated = isShown(claimed) && (found.several === undefined || holdsForSeveral(claimed))
  return { id: idOf(found), found, success: successOf(found.strata), confidence, band: bandOf(confidence), validated }
}

/** Differences of means that are no more than rounding. */
const nothing = 1e-9

/**
 * Whether such runs are no worse at what is claimed than those they are compared with. That runs are slow, or that a step fails often, is so however they went. A recovery is all that was seen to
 * help: it is taken back only where something else that is done about its error is shown to be better.
 */
const speaksFor = ({ type, tries }: Found, claimed: readonly Stratum[]): boolean => {
  if (type === 'optimization' || tries !== undefined) return true
  const { difference, high } = quickLift(claimed)
  return type === 'error_recovery' ? high >= 0 || liftOf(claimed).lift.high >= 0 : difference >= -nothing
}

/** What can be said of it: nothing where the comparison speaks against it; and that a way to go about a task does harm, only where that is shown. */
export const judged = (found: Found): readonly Judged[] => {
  const claimed = claimedBy(found.type, found.strata)
  if (!speaksFor(found, claimed)) return []
  const told = judgedBy(found, claimed)
  return found.from === undefined || told.validated ? [told] : []
}

/** The validated first, then the surest, then what more runs have. */
export const surest = (left: Judged, right: Judged): number =>
  Number(right.validated) - Number(left.validated) || right.confidence - left.confidence || right.found.runs.length - left.found.runs.length || (left.id < right.id ? -1 : 1)

/** All that is known of it, in words too. */
export const learningOf = ({ id, found, success, confidence, band, validated, alike }: Judged, told: Pick<Learning, 'errors' | 'evidence'>): Learning => {
  const { type, from, agent, kind, actions, approach, figures, tries, tool, fix, runs, strata } = found
  const facts = {
    type,
    ...(from === undefined ? {} : { from }),
    ...(agent === undefined ? {} : { agent }),
    agents: agentsOf(found),
    ...(kind === undefined ? {} : { kind }),
    ...(actions === undefined ? {} : { actions }),
    ...(approach === undefined ? {} : { approach }),
    ...(figures === undefined ? {} : { figures }),
    ...(tries === undefined ? {} : { tries }),
    ...(tool === undefined ? {} : { tool }),
    ...(fix === undefined ? {} : { fix }),
    runs: countOf(found),
    success,
    ...liftOf(strata),
    confidence,
    band,
    validated,
    ...(alike === undefined || alike.length === 0 ? {} : { alike }),
    ...told,
    seenAt: runs.reduce((latest, { seenAt }) => Math.max(latest, seenAt), 0),
  }
  return { id, title: titleOf(facts), advice: adviceOf(facts), description: descriptionOf(facts), ...facts }
}
