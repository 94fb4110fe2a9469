import type { Ask, Distribution, Policy } from '../decide/policy.ts'
import type { DecisionSettled } from '../learn/learner.ts'
import { optionModel, type OptionModelView } from '../learn/learners/option-model.ts'
import { Budget, byEffect, byOverlap, type Candidate, decisiveFirst, learnedFrom, type Posed, recommendedIn, thinned, weighed } from './counterfactual.ts'
import { mostSettlements } from './evidence.ts'
import type { Teaching } from './explanation.ts'
import { nextTurn } from '../next-turn.ts'

/**
 * Limits of the search for the facts behind one decision. A fold learns at most {@link mostSettlements} verdicts, and all folds of a search together at
 * most this many: a search ends within seconds, and leaves other work its turn between folds.
 */
const mostLearned = 1_000_000
const fewestFolds = 40
const mostFolds = 400
/** Options of which one might be recommended instead. */
const mostRivals = 3
/** Runs named when nothing could be proven. */
const shownRuns = 10

/** A logged decision with what had been learned of its choice point. */
export interface Case {
  /** The policy that weighed; undefined when it is not configured any more. */
  readonly policy: Policy | undefined
  readonly policyName: string
  readonly seed: number
  readonly ask: Ask
  /** Place of the one option of the highest logged probability. */
  readonly recommended: number | undefined
  /** In the order of the log, at most {@link mostSettlements}. */
  readonly settlements: readonly DecisionSettled[]
  /** How many there are in all. */
  readonly total: number
  /** Whether a share of it was its user's own. */
  readonly isPersonal: boolean
}

/** What taught a decision. */
export interface Taught {
  readonly teaching: Teaching
  /** In one sentence. */
  readonly reason: string
  /** The runs that taught it, or where nothing is proven those that moved it most, with their effect in units of reward; the strongest first. */
  readonly candidates: readonly Candidate[]
  /** Expected reward of each option, where the policy has one. */
  readonly expected?: Float64Array
}

/** Only policies on the option model are weighed again. */
const traceable = (policy: Policy | undefined): policy is Policy<OptionModelView> => policy?.learner === optionModel.name

/** Finds the runs without which another option would have been recommended. */
export const taughtBy = async (given: Case): Promise<Taught> => {
  const { policy, policyName, seed, ask, recommended, settlements, total, isPersonal } = given
  if (ask.options.length === 1) return untaught('There was only one option.')
  // The policy alone, folded again, would be another decision than this one.
  if (isPersonal) return unproven('What its user prefers, or was content with, decided a share of it; that is not traced to runs.')
  if (policy !== undefined && policy.learner === undefined) return untaught(`The policy "${policyName}" does not learn.`)
  if (!traceable(policy)) return unproven(`What the policy "${policyName}" learned cannot be traced here.`)
  const posed: Posed = { policy, ask, seed }
  const view = learnedFrom(settlements)
  if (total > mostSettlements) {
    const reason = `Its choice point had ${total} verdicts, more than the ${mostSettlements} up to which a proof is sought; these moved it most.`
    return unproven(reason, strongest(posed, settlements, view, recommended))
  }
  const expected = policy.expect?.(view, ask)
  return { ...(await provenBy(posed, settlements, view, recommended)), ...(expected === undefined ? {} : { expected }) }
}

const untaught = (reason: string): Taught => ({ teaching: 'untaught', reason, candidates: [] })

const unproven = (reason: string, candidates: readonly Candidate[] = []): Taught => ({ teaching: 'unproven', reason, candidates })

const provenBy = async (
  posed: Posed,
  settlements: readonly DecisionSettled[],
  view: OptionModelView,
  recommended: number | undefined,
): Promise<Taught> => {
  if (recommended === undefined) return untaught('Several options shared the highest probability; chance decided among them.')
  if (recommendedIn(weighed(posed, view)) !== recommended) {
    return unproven('Folded again, the log of that time recommends another option: some of what it had learned from was erased, or the learner has changed.')
  }
  const folds = Math.min(mostFolds, Math.max(fewestFolds, Math.floor(mostLearned / Math.max(1, settlements.length))))
  const budget = new Budget(folds)
  for (const difference of differences) {
    const found = await search(posed, settlements, view, recommended, difference, budget)
    if (found === undefined) continue
    const runs = found.length === 1 ? 'one earlier run' : `${found.length} earlier runs`
    const named = new Set(found.map(({ run }) => run))
    const candidates = effects(posed, settlements, view, recommended).filter(({ run }) => named.has(run))
    return { teaching: 'found', reason: `Without ${runs}, "${posed.ask.options[recommended]?.id}" would not be recommended.`, candidates }
  }
  if (budget.spent) return unproven(`No set of facts was found within ${folds} tries; these moved it most.`, strongest(posed, settlements, view, recommended))
  return untaught('Without any verdict it would be the same: the descriptions of the options decide.')
}

type Difference = (weights: Distribution, option: number) => boolean

/** How a decision may turn out different: another option is recommended, or at least this one no longer is. */
const differences: readonly Difference[] = [
  (weights, option) => weights.some((weight) => weight > (weights[option] ?? 0)),
  (weights, option) => recommendedIn(weights) !== option,
]

const search = async (
  posed: Posed,
  settlements: readonly DecisionSettled[],
  view: OptionModelView,
  option: number,
  difference: Difference,
  budget: Budget,
): Promise<readonly Candidate[] | undefined> => {
  const differs = async (without: readonly Candidate[]): Promise<boolean> => {
    await nextTurn()
    return difference(weighed(posed, learnedFrom(settlements, new Set(without.map(({ run }) => run)))), option)
  }
  const mean = view.mean(posed.ask.point)
  let decisive: readonly Candidate[] | undefined
  for (const rival of rivalsTried(posed, view, option)) {
    for (const candidates of [byOverlap(settlements, posed, mean, option, rival), byEffect(settlements, posed, option, rival)]) {
      // Once a set is there, only a smaller one is of interest.
      const most = decisive === undefined ? candidates.length : decisive.length - 1
      decisive = (await decisiveFirst(candidates.slice(0, most), differs, budget)) ?? decisive
    }
  }
  return decisive === undefined ? undefined : thinned(decisive, differs, budget)
}

/** The places of the other options, those of the highest value first. */
const rivalsOf = (posed: Posed, view: OptionModelView, option: number): number[] => {
  const values = view.values(posed.ask)
  return [...values.keys()].filter((place) => place !== option).sort((left, right) => (values[right] ?? 0) - (values[left] ?? 0))
}

/** Options that might be recommended instead: the best by what was learned, and the best to one who had learned nothing. */
const rivalsTried = (posed: Posed, view: OptionModelView, option: number): ReadonlySet<number> =>
  new Set([...rivalsOf(posed, view, option).slice(0, mostRivals), ...rivalsOf(posed, learnedFrom([]), option).slice(0, 1)])

/** How far each run moved the option away from its strongest rival. */
const effects = (posed: Posed, settlements: readonly DecisionSettled[], view: OptionModelView, option: number): Candidate[] => {
  const [rival] = rivalsOf(posed, view, option)
  return rival === undefined ? [] : byEffect(settlements, posed, option, rival)
}

const strongest = (posed: Posed, settlements: readonly DecisionSettled[], view: OptionModelView, option: number | undefined): Candidate[] =>
  option === undefined
    ? []
    : effects(posed, settlements, view, option)
        .filter(({ contribution }) => contribution > 0)
        .slice(0, shownRuns)
