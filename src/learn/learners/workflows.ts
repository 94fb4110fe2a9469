import { AutodidactError } from '../../errors.ts'
import type { DecisionSettled, Experience, Learner, RunSettled } from '../learner.ts'
import { attemptsOf } from '../structures/attempts.ts'
import { RecentMap } from '../structures/recent-map.ts'
import { type CountedSequence, type SavedSequences, SequenceCounts } from '../structures/sequence-counts.ts'
import { isWorkflowId } from '../structures/workflow-id.ts'

/** Good runs that are remembered as examples, the latest. */
const mostExamples = 256
/** Actions of an example. */
const longestExample = 64
/** Workflows that were taken somewhere. */
const mostTaken = 1_000

/** How often a workflow was the option really taken at a choice point, and how that went. */
export interface WorkflowTaken {
  readonly decisions: number
  /** Mean reward of the decisions with a verdict, in [0, 1]. */
  readonly reward: number
}

export interface WorkflowsView {
  /** Sequences of two to five actions that at least so many judged runs had, by category; in no particular order. The same list until another run is settled. */
  sequences(fewestRuns: number): readonly CountedSequence[]
  /** One of them, whatever its support; undefined when no judged run had it. */
  find(actions: readonly string[]): CountedSequence | undefined
  /**
   * The one to which a function of its actions gives this id; undefined when no judged run had it.
   *
   * @param idOf always the same: its ids are remembered
   */
  withId(id: string, idOf: (actions: readonly string[]) => string): CountedSequence | undefined
  /** Ids of the latest good runs that had a sequence, the latest first; of the latest 256 good runs. */
  examples(actions: readonly string[], most: number): readonly string[]
  taken(id: string): WorkflowTaken
  /** Judged runs of each sequence by category, and those that went well, as plain data to be compared with other versions. */
  table(): Readonly<Record<string, Readonly<Record<string, { readonly runs: number; readonly good: number }>>>>
}

interface Taken {
  decisions: number
  sum: number
}

export interface WorkflowsState {
  readonly counts: SequenceCounts
  /** The latest last. */
  readonly examples: RecentMap<string, readonly string[]>
  readonly taken: RecentMap<string, Taken>
}

const isRun = (experience: Experience): experience is RunSettled => experience.kind === 'run.settled'

const isDecision = (experience: Experience): experience is DecisionSettled => experience.kind === 'decision.settled'

const settleRun = (state: WorkflowsState, { run, category, actions: tried, failures = [], taken, previous, current }: RunSettled): WorkflowsState => {
  // What was done because it had been offered must not count for itself; how that went is asked in a trial.
  if (taken.some(isWorkflowId)) return state
  state.counts.settle(category, attemptsOf(tried, failures), previous, current)
  state.examples.delete(run)
  // Inputs are read of steps that did not fail.
  if (current === undefined || current.reward <= 0.5) return state
  const failing = new Set(failures)
  const { actions } = attemptsOf(failures.length === 0 ? tried : tried.filter((_, place) => !failing.has(place)))
  if (actions.length > 1) state.examples.set(run, actions.slice(0, longestExample))
  if (state.examples.size > mostExamples) state.examples.dropOldest()
  return state
}

const settleDecision = (state: WorkflowsState, { option, previous, current }: DecisionSettled): WorkflowsState => {
  if (!isWorkflowId(option)) return state
  const before = state.taken.get(option) ?? { decisions: 0, sum: 0 }
  const decisions = Math.max(0, before.decisions + Number(current !== undefined) - Number(previous !== undefined))
  // What is left of the sums of none are rounding errors.
  state.taken.set(option, { decisions, sum: decisions === 0 ? 0 : before.sum + (current?.reward ?? 0) - (previous?.reward ?? 0) })
  if (state.taken.size > mostTaken) state.taken.dropOldest()
  return state
}

const contains = (run: readonly string[], sequence: readonly string[]): boolean =>
  run.some((_, start) => sequence.every((action, place) => run[start + place] === action))

interface Saved {
  readonly counts: SavedSequences
  readonly examples: readonly (readonly [string, readonly string[]])[]
  readonly taken: readonly (readonly [string, Taken])[]
}

const decode = (bytes: Uint8Array): WorkflowsState => {
  try {
    const { counts, examples, taken } = JSON.parse(new TextDecoder().decode(bytes)) as Saved
    return { counts: new SequenceCounts(counts), examples: new RecentMap(examples), taken: new RecentMap(taken) }
  } catch (cause) {
    throw new AutodidactError('CORRUPT', 'The saved workflows are damaged. Drop this snapshot and fold the log again.', { cause })
  }
}

/**
 * Which sequences of actions recur in runs that took no workflow as an option, and how these runs went: every sequence of two to five neighbouring actions, up to a step that failed, repetitions in a
 * row taken as one, counted by category ({@link SequenceCounts}). What is made of it, and what that is worth, is up to {@link Workflows}.
 *
 * Bounded: 8,192 sequences, the rarer half of which goes when there are more; the first 256 actions of a run; 256 runs as examples, by id and actions. Inputs and
 * outputs are never kept. A changed or withdrawn verdict is exact for sequences that were not dropped since. Neither inverse nor merge is declared, because what is
 * dropped depends on what came before.
 *
 * Folded from the first time that somebody asks for workflows: see `docs/workflows.md`.
 *
 * @example
 * ```ts
 * import { Autodidact, workflows } from 'autodidact'
 *
 * const autodidact = await Autodidact.open(':memory:', { learners: [workflows] })
 * const steps = [{ action: 'lookup' }, { action: 'verify' }, { action: 'refund' }]
 * for (const order of [7, 8, 9]) await autodidact.record({ task: `refund order ${order}`, steps, success: true })
 * const view = await autodidact.learned(workflows)
 * console.assert(view.sequences(3).some(({ actions }) => actions.join() === 'lookup,verify,refund'))
 * await autodidact.close()
 * ```
 */
export const workflows: Learner<WorkflowsState, WorkflowsView> = {
  name: 'workflows',
  version: 4,
  handles: ['run.settled', 'decision.settled'],
  initial: () => ({ counts: new SequenceCounts(), examples: new RecentMap(), taken: new RecentMap() }),
  learn: (state, experience) => {
    if (isRun(experience)) return settleRun(state, experience)
    return isDecision(experience) ? settleDecision(state, experience) : state
  },
  view: ({ counts, examples, taken }) => ({
    sequences: (fewestRuns) => counts.sequences(fewestRuns),
    find: (actions) => counts.find(actions),
    withId: (id, idOf) => counts.withId(id, idOf),
    examples: (actions, most) =>
      [...examples]
        .filter(([, run]) => contains(run, actions))
        .slice(-most)
        .map(([run]) => run)
        .reverse(),
    taken: (id) => {
      const { decisions, sum } = taken.get(id) ?? { decisions: 0, sum: 0 }
      return { decisions, reward: decisions === 0 ? 0 : sum / decisions }
    },
    table: () =>
      Object.fromEntries(
        counts.sequences(1).map(({ actions, parts }) => [
          actions.join(' > '),
          Object.fromEntries(parts.map(({ category = '(no category)', with: { runs, good } }) => [category, { runs, good }])),
        ]),
      ),
  }),
  save: ({ counts, examples, taken }) => {
    const saved: Saved = { counts: counts.save(), examples: [...examples], taken: [...taken] }
    return new TextEncoder().encode(JSON.stringify(saved))
  },
  load: decode,
}
