import type { Ask, Distribution, Policy } from '../decide/policy.ts'
import { seededRandom } from '../decide/random.ts'
import type { DecisionSettled, Features } from '../learn/learner.ts'
import { optionModel, type OptionModelView } from '../learn/learners/option-model.ts'

/**
 * What would have been recommended if some runs had never been learned from: the option model folded again without them. Pure.
 */

/** A decision as it stood: who weighed, and what was asked. */
export interface Posed {
  readonly policy: Policy<OptionModelView>
  readonly ask: Ask
  /** Of the logged decision, for policies that estimate their weights. */
  readonly seed: number
}

const nobody: ReadonlySet<string> = new Set()

/** The option model after these settlements of one choice point, those of some runs left out. */
export const learnedFrom = (settlements: Iterable<DecisionSettled>, without: ReadonlySet<string> = nobody): OptionModelView => {
  let state = optionModel.initial()
  for (const settled of settlements) if (!without.has(settled.run)) state = optionModel.learn(state, settled)
  return optionModel.view(state)
}

/** The probabilities that the policy gives with what was learned. */
export const weighed = ({ policy, ask, seed }: Posed, view: OptionModelView): Distribution => policy.weigh(view, ask, seededRandom(seed))

/** Place of the one option of the highest probability; undefined when several share it. */
export const recommendedIn = (distribution: Distribution): number | undefined => {
  const most = distribution.reduce((left, right) => Math.max(left, right), 0)
  const place = distribution.indexOf(most)
  return distribution.lastIndexOf(most) === place ? place : undefined
}

/** A run that was learned from, and how much it speaks for one option against another. */
export interface Candidate {
  readonly run: string
  readonly contribution: number
}

/** Inner product of two sparse vectors whose hashes ascend. */
const overlap = (left: Features, right: Features): number => {
  let sum = 0
  for (let ours = 0, theirs = 0; ours < left.hashes.length && theirs < right.hashes.length;) {
    const [own = 0, other = 0] = [left.hashes[ours], right.hashes[theirs]]
    if (own === other) sum += (left.values[ours] ?? 0) * (right.values[theirs] ?? 0)
    if (own <= other) ours += 1
    if (other <= own) theirs += 1
  }
  return sum
}

/** The last verdict on each decision that has one, in the order in which they were settled. */
export const standing = (settlements: Iterable<DecisionSettled>): DecisionSettled[] => {
  const last = new Map<string, DecisionSettled>()
  for (const settled of settlements) {
    last.delete(settled.decision)
    if (settled.current !== undefined) last.set(settled.decision, settled)
  }
  return [...last.values()]
}

const strongestFirst = (contributions: ReadonlyMap<string, number>): Candidate[] =>
  [...contributions]
    .map(([run, contribution]) => ({ run, contribution }))
    .sort((left, right) => right.contribution - left.contribution || (left.run < right.run ? -1 : 1))

/**
 * The runs of some settlements, those that speak most for one option against a rival first: by the overlap of their features with those of the
 * question × their reward less the mean of the choice point × +1 for the option, −1 for the rival. That is their first step in a linear
 * model, whatever was learned before.
 */
export const byOverlap = (settlements: Iterable<DecisionSettled>, { ask }: Posed, mean: number, option: number, rival: number): Candidate[] => {
  const [favoured, opposed] = [ask.options[option]?.id, ask.options[rival]?.id]
  const contributions = new Map<string, number>()
  for (const { run, option: taken, features, current } of standing(settlements)) {
    const sign = taken === favoured ? 1 : taken === opposed ? -1 : 0
    const pull = current === undefined ? 0 : sign * current.weight * (current.reward - mean) * overlap(features, ask.features)
    contributions.set(run, (contributions.get(run) ?? 0) + pull)
  }
  return strongestFirst(contributions)
}

/** The same by effect: how far learning them, one after the other, moved the value of the option away from that of the rival, in units of reward. */
export const byEffect = (settlements: Iterable<DecisionSettled>, { ask }: Posed, option: number, rival: number): Candidate[] => {
  const places = [option, rival]
  const two: Ask = {
    ...ask,
    options: places.flatMap((place) => ask.options[place] ?? []),
    similarities: Float64Array.from(places, (place) => ask.similarities[place] ?? 0),
  }
  let state = optionModel.initial()
  const margin = (): number => {
    const [own = 0, other = 0] = optionModel.view(state).values(two)
    return own - other
  }
  const contributions = new Map<string, number>()
  let before = margin()
  for (const settled of settlements) {
    state = optionModel.learn(state, settled)
    const after = margin()
    contributions.set(settled.run, (contributions.get(settled.run) ?? 0) + after - before)
    before = after
  }
  return strongestFirst(contributions)
}

/** Counts down what a search may still try. */
export class Budget {
  #left: number

  /** @param tries 0 or more */
  constructor(tries: number) {
    this.#left = tries
  }

  /** False when there is nothing left. */
  spend(): boolean {
    this.#left -= 1
    return this.#left >= 0
  }

  /** True once a try was refused. */
  get spent(): boolean {
    return this.#left < 0
  }
}

/** Whether something is different without these candidates. */
export type Differs<Item> = (without: readonly Item[]) => Promise<boolean>

/**
 * The first so many candidates without which something is different: doubles their number until it is, then bisects it. Each try costs one unit of the
 * budget; when it is spent, the smallest number found so far is the answer.
 *
 * @returns undefined when leaving out every candidate makes no difference, or when the budget was spent before one was found
 */
export const decisiveFirst = async <Item>(candidates: readonly Item[], differs: Differs<Item>, budget: Budget): Promise<readonly Item[] | undefined> => {
  let [few, many] = [0, Math.min(1, candidates.length)]
  for (; ; many = Math.min(many * 2, candidates.length)) {
    if (many === few || !budget.spend()) return undefined
    if (await differs(candidates.slice(0, many))) break
    few = many
  }
  while (many - few > 1 && budget.spend()) {
    const middle = Math.floor((few + many) / 2)
    if (await differs(candidates.slice(0, middle))) many = middle
    else few = middle
  }
  return candidates.slice(0, many)
}

/**
 * What remains of a decisive set when everything is taken out of it that is not needed, in ever smaller parts, from the end. After Zeller and
 * Hildebrandt 2002, "Simplifying and isolating failure-inducing input". Each try costs one unit of the budget.
 */
export const thinned = async <Item>(decisive: readonly Item[], differs: Differs<Item>, budget: Budget): Promise<readonly Item[]> => {
  let set = decisive
  for (let part = Math.ceil(set.length / 2); part >= 1 && set.length > 1; part = part === 1 ? 0 : Math.ceil(part / 2)) {
    for (let end = set.length; end > 0; end -= part) {
      const smaller = [...set.slice(0, Math.max(0, end - part)), ...set.slice(end)]
      if (smaller.length === 0) continue
      if (!budget.spend()) return set
      if (await differs(smaller)) set = smaller
    }
  }
  return set
}
