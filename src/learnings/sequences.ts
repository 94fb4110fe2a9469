import { longestSequence } from '../learn/structures/sequence-counts.ts'
import { believedBy, type JudgedRun } from './found.ts'

/** A sequence of neighbouring actions, and the runs that attempted it. */
export interface Sequence {
  readonly actions: readonly string[]
  /** Each once, in the order of the log. A run that broke off under way is believed by the share of those that got further and then did all of it. */
  readonly runs: readonly JudgedRun[]
}

/** A sequence while it is counted. */
interface Counted {
  readonly actions: readonly string[]
  /** Without its last action. */
  readonly beginning?: Counted
  /** Runs that came to its last action, whether that failed or not. */
  readonly whole: JudgedRun[]
  /** Those of them whose last action failed each time: they never got past it. */
  readonly brokenOff: JudgedRun[]
  /** Runs that attempted it; known when its level is. */
  attempts: readonly JudgedRun[]
}

/** The sequences of one length that begin at each place of each run; undefined where it is a rare one, or does not go on because a step failed. */
type Places = readonly (readonly (Counted | undefined)[])[]

interface Level {
  readonly sequences: readonly Counted[]
  readonly places: Places
}

const counted = (actions: readonly string[], beginning?: Counted): Counted => ({ actions, ...(beginning === undefined ? {} : { beginning }), whole: [], brokenOff: [], attempts: [] })

const count = ({ whole, brokenOff }: Counted, run: JudgedRun, hasFailed: boolean): void => {
  const isFirst = whole.at(-1) !== run
  if (isFirst) whole.push(run)
  if (isFirst && hasFailed) brokenOff.push(run)
  else if (!hasFailed && brokenOff.at(-1) === run) brokenOff.pop()
}

/**
 * Runs that did all of a sequence, and those that broke off under way: what these would have gone on with is not known, so they count as often as those did that got past that step. Otherwise what
 * comes after a step that fails at times would be praised for that (only runs in which it worked have the rest).
 */
const attemptsAt = ({ whole, beginning }: Counted, places: ReadonlyMap<string, number>): readonly JudgedRun[] => {
  const broken: JudgedRun[] = []
  let attempts = whole.length
  for (let before = beginning; before !== undefined; before = before.beginning) {
    const share = Math.min(1, attempts / Math.max(1, before.whole.length - before.brokenOff.length))
    broken.push(...before.brokenOff.map((run) => believedBy(run, share)))
    attempts += share * before.brokenOff.length
  }
  return broken.length === 0 ? whole : [...whole, ...broken].sort((left, right) => (places.get(left.run) ?? 0) - (places.get(right.run) ?? 0))
}

const single = (runs: readonly JudgedRun[], fewestRuns: number): Level => {
  const sequences = new Map<string, Counted>()
  for (const run of runs) {
    const failed = new Set(run.failed)
    for (const [place, action] of run.actions.entries()) {
      const sequence = sequences.get(action) ?? counted([action])
      sequences.set(action, sequence)
      count(sequence, run, failed.has(place))
    }
  }
  const frequent = new Map([...sequences].filter(([, { whole }]) => whole.length >= fewestRuns))
  for (const sequence of frequent.values()) sequence.attempts = sequence.whole
  return { sequences: [...frequent.values()], places: runs.map(({ actions }) => actions.map((action) => frequent.get(action))) }
}

const isSame = (left: readonly JudgedRun[], right: readonly JudgedRun[]): boolean => left.length === right.length && left.every(({ run }, place) => run === right[place]?.run)

/** Sequences that are longer by one: only where both their parts are frequent they can be (Agrawal and Srikant 1994). What comes after a step that failed is an answer to that, and no part of them. */
const longer = (runs: readonly JudgedRun[], { places }: Level, length: number, fewestRuns: number, order: ReadonlyMap<string, number>, covered: Set<Counted>): Level => {
  const byParts = new Map<Counted, Map<Counted, Counted>>()
  const grown = places.map((own, place) => {
    const run = runs[place]
    const failed = new Set(run?.failed)
    return own.slice(0, -1).map((first, at) => {
      const second = own[at + 1]
      if (first === undefined || second === undefined || run === undefined || failed.has(at + length - 2)) return undefined
      const known = byParts.get(first) ?? new Map<Counted, Counted>()
      byParts.set(first, known)
      const sequence = known.get(second) ?? counted([...first.actions, ...second.actions.slice(-1)], first)
      known.set(second, sequence)
      count(sequence, run, failed.has(at + length - 1))
      return sequence
    })
  })
  const sequences = [...byParts].flatMap(([first, known]) =>
    [...known].flatMap(([second, sequence]) => {
      if (sequence.whole.length < fewestRuns) return []
      sequence.attempts = attemptsAt(sequence, order)
      for (const part of [first, second]) if (isSame(part.attempts, sequence.attempts)) covered.add(part)
      return [sequence]
    }),
  )
  return { sequences, places: grown.map((own) => own.map((sequence) => (sequence !== undefined && sequence.whole.length >= fewestRuns ? sequence : undefined))) }
}

/**
 * Sequences of two to five neighbouring actions that so many runs had, without those that say less about the same runs: what occurs in no run without being continued in the same way
 * is named with its continuation (closed patterns, Pasquier and others 1999). Otherwise one habit of five actions would count as ten.
 */
export const sequencesIn = (runs: readonly JudgedRun[], fewestRuns: number): Sequence[] => {
  const order = new Map(runs.map(({ run }, place) => [run, place]))
  const covered = new Set<Counted>()
  const found: Counted[] = []
  let level = single(runs, fewestRuns)
  for (let length = 2; length <= longestSequence && level.sequences.length > 0; length += 1) {
    level = longer(runs, level, length, fewestRuns, order, covered)
    found.push(...level.sequences)
  }
  return found.flatMap((sequence) => (covered.has(sequence) ? [] : { actions: sequence.actions, runs: sequence.attempts }))
}
