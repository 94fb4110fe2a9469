import type { Outcomes, Stratum } from '../statistics/lift.ts'
import type { RunOutline } from '../learn/learners/run-outlines.ts'
import type { Verdict } from '../learn/learner.ts'
import { noRuns, type RunTally } from '../learn/structures/run-tallies.ts'
import type { Learning } from './learning.ts'

/** A run that was judged. */
export interface JudgedRun extends RunOutline {
  readonly verdict: Verdict
  /** Of its task. */
  readonly kind: string
}

/** Something that recurs, before it is said how sure it is. */
export interface Found extends Pick<Learning, 'type' | 'from' | 'agent' | 'kind' | 'actions' | 'approach' | 'figures' | 'tries' | 'tool' | 'fix'> {
  /** What it is about, within its type, agent and kind. */
  readonly key: string
  /** It is asked of several agents, and must be true of two at least, each by itself. */
  readonly several?: true
  /** Hash of the error that it is about. */
  readonly error?: number
  /** That did it, in the order of the log. */
  readonly runs: readonly JudgedRun[]
  /** Those that broke off under way to it, each by how far it counts: part of the comparison, and of nothing that is said of single runs. */
  readonly brokenOff?: RunTally | undefined
  /** Its runs among those that they are compared with. */
  readonly strata: readonly Stratum[]
}

/** Runs of one agent on one kind of task: what they are compared within. */
export interface Group {
  readonly agent: string | undefined
  readonly kind: string
  readonly runs: readonly JudgedRun[]
  readonly all: Outcomes
}

export const outcomesOf = (runs: readonly JudgedRun[]): Outcomes => ({
  weight: runs.reduce((sum, { verdict }) => sum + verdict.weight, 0),
  reward: runs.reduce((sum, { verdict }) => sum + verdict.weight * verdict.reward, 0),
})

export const isGood = ({ verdict }: JudgedRun): boolean => verdict.reward > 0.5

export const tallyOf = (runs: readonly JudgedRun[]): RunTally => ({ runs: runs.length, good: runs.filter(isGood).length, ...outcomesOf(runs) })

/** How many runs attempted it, as a whole number. */
export const countOf = ({ runs, brokenOff = noRuns }: Found): number => Math.round(runs.length + brokenOff.runs)

/** Values by key, in the order in which the keys came. */
export const groupedBy = <Value, Key>(values: readonly Value[], keyOf: (value: Value) => Key): Map<Key, Value[]> => {
  const groups = new Map<Key, Value[]>()
  for (const value of values) {
    const key = keyOf(value)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [value])
    else group.push(value)
  }
  return groups
}

export const groupsOf = (runs: readonly JudgedRun[]): Group[] =>
  [...groupedBy(runs, ({ agent, kind }) => JSON.stringify([agent, kind])).values()].flatMap((own) => {
    const [first] = own
    return first === undefined ? [] : [{ agent: first.agent, kind: first.kind, runs: own, all: outcomesOf(own) }]
  })

/** The fields that say whose it is and what it is about. */
export const about = ({ agent, kind }: Group): { readonly agent?: string; readonly kind: string } => (agent === undefined ? { kind } : { agent, kind })
