import type { WorkflowsView } from '../learn/learners/workflows.ts'
import type { CountedSequence } from '../learn/structures/sequence-counts.ts'
import { liftOf, quickLow, successOf } from '../statistics/lift.ts'
import type { Workflow } from './workflow.ts'
import { workflowId } from './workflow-id.ts'

/** Share of sequences without any effect whose interval of 95 % lies above 0 at some time, at most. */
const chance = 0.025

/** What the log says of a sequence, before any trial. */
export type Candidate = Omit<Workflow, 'status' | 'taken' | 'trial' | 'answer'>

export interface Candidates {
  /** The surest lift first; none of them contains another. */
  readonly best: readonly Candidate[]
  readonly compared: number
  readonly standOut: number
  readonly byChance: number
}

/** What broke off under way is compared, and supports nothing: it was not done. */
const goodRuns = ({ parts }: CountedSequence): number => parts.reduce((sum, part) => sum + part.did.good, 0)

const sharesOf = ({ parts }: CountedSequence): Pick<Candidate, 'success' | 'baseline' | 'lift'> => ({ success: successOf(parts), ...liftOf(parts) })

const candidateOf = (sequence: CountedSequence): Candidate => {
  const { actions, parts } = sequence
  const byRuns = parts.toSorted((left, right) => right.with.runs - left.with.runs)
  return {
    id: workflowId(actions),
    description: actions.join(', then '),
    actions,
    support: goodRuns(sequence),
    runs: parts.reduce((sum, part) => sum + part.with.runs, 0),
    ...sharesOf(sequence),
    categories: byRuns.flatMap(({ category }) => category ?? []),
  }
}

const isIn = (part: readonly string[], whole: readonly string[]): boolean =>
  whole.some((_, start) => part.every((action, place) => whole[start + place] === action))

/** Whether two neighbouring actions of one are neighbours in the other. */
export const sharePair = (left: readonly string[], right: readonly string[]): boolean => left.slice(1).some((_, place) => isIn(left.slice(place, place + 2), right))

/** Whether it contains one of the others, or is contained in one. */
const overlaps = (actions: readonly string[], others: readonly Candidate[]): boolean => others.some((other) => isIn(other.actions, actions) || isIn(actions, other.actions))

/** The surest first; of equally sure ones that with more runs, then the longer one, which says more. */
const better = (left: Candidate, right: Candidate): number =>
  right.lift.low - left.lift.low || right.support - left.support || right.actions.length - left.actions.length || (left.id < right.id ? -1 : 1)

const candidatesFrom = (sequences: readonly CountedSequence[], support: number): Candidates => {
  const standOut = sequences
    .filter((sequence) => goodRuns(sequence) >= support && quickLow(sequence.parts) > 0)
    .map(candidateOf)
    .filter(({ lift }) => lift.low > 0)
    .sort(better)
  const best: Candidate[] = []
  for (const candidate of standOut) if (!overlaps(candidate.actions, best)) best.push(candidate)
  return { best, compared: sequences.length, standOut: standOut.length, byChance: chance * sequences.length }
}

/** The runs of one category alone, of those that had enough; of all categories where none is named. */
const within = (sequences: readonly CountedSequence[], support: number, category: string | undefined): readonly CountedSequence[] => {
  if (category === undefined) return sequences
  return sequences.flatMap((sequence) => {
    const parts = sequence.parts.filter((part) => part.category === category && part.did.runs >= support)
    return parts.length === 0 ? [] : [{ ...sequence, parts }]
  })
}

/** Lists live as long as the counts do not change; what was made of them goes with them. */
const known = new WeakMap<readonly CountedSequence[], Map<string | undefined, Candidates>>()

/**
 * Which sequences stand out: those whose lift over the runs without them has an interval above 0.
 *
 * @param category only its runs; default all, compared within their categories
 */
export const candidatesOf = (view: WorkflowsView, support: number, category?: string): Candidates => {
  // By runs and not by good ones: whoever compares only what went well often is not surprised by what stands out.
  const sequences = view.sequences(support)
  const made = known.get(sequences) ?? new Map<string | undefined, Candidates>()
  known.set(sequences, made)
  const candidates = made.get(category) ?? candidatesFrom(within(sequences, support, category), support)
  made.set(category, candidates)
  return candidates
}

/** What is known of one workflow, in a category or at all, also where it does not stand out; undefined when no judged run had it there. */
export const candidateFor = (view: WorkflowsView, id: string, category?: string): Candidate | undefined => {
  const found = view.withId(id, workflowId)
  const [sequence] = found === undefined ? [] : within([found], 0, category)
  return sequence === undefined ? undefined : candidateOf(sequence)
}

/**
 * Sequences that recur in good runs and do not stand out: those whose lift is surest first, none of which contains another or one of `listed`.
 *
 * @param category only its runs
 */
export const recurring = (view: WorkflowsView, support: number, listed: readonly Candidate[], most: number, category?: string): readonly Candidate[] => {
  const waiting = within(view.sequences(support), support, category)
    .filter((sequence) => goodRuns(sequence) >= support)
    .map((sequence) => ({ sequence, low: quickLow(sequence.parts) }))
    .sort((left, right) => right.low - left.low || (left.sequence.actions.join('\n') < right.sequence.actions.join('\n') ? -1 : 1))
  const found: Candidate[] = []
  for (const { sequence } of waiting) {
    if (found.length >= most) break
    if (!overlaps(sequence.actions, [...listed, ...found])) found.push(candidateOf(sequence))
  }
  return found
}
