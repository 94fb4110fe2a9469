import type { Outcomes, Stratum } from '../statistics/lift.ts'
import type { RunOutline } from '../learn/learners/run-outlines.ts'
import type { Verdict } from '../learn/learner.ts'
import type { Learning } from './learning.ts'

/** A run that was judged. */
export interface JudgedRun extends RunOutline {
  readonly verdict: Verdict
  /** Of its task. */
  readonly kind: string
  /** How far it is one of those that have something in common, in (0, 1]; absent where it is one. Its verdict is believed by no more than that. */
  readonly share?: number
}

/** Something that recurs, before it is said how sure it is. */
export interface Found extends Pick<Learning, 'type' | 'from' | 'agent' | 'kind' | 'actions' | 'approach' | 'figures' | 'tries' | 'tool' | 'fix'> {
  /** What it is about, within its type, agent and kind. */
  readonly key: string
  /** It is asked of several agents, and must be true of two at least, each by itself. */
  readonly several?: true
  /** Hash of the error that it is about. */
  readonly error?: number
  /** In the order of the log. */
  readonly runs: readonly JudgedRun[]
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

/** A run that is evidence only in part. */
export const believedBy = (run: JudgedRun, share: number): JudgedRun => (share === 1 ? run : { ...run, share, verdict: { ...run.verdict, weight: share * run.verdict.weight } })

/** How many runs these are, as a whole number. */
export const countOf = (runs: readonly JudgedRun[]): number => Math.round(runs.reduce((sum, { share = 1 }) => sum + share, 0))

export const isGood = ({ verdict }: JudgedRun): boolean => verdict.reward > 0.5

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
