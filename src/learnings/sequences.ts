import { longestSequence } from '../learn/structures/sequence-counts.ts'
import { groupedBy, type JudgedRun } from './found.ts'

/** A sequence of neighbouring actions, and the runs that had it. */
export interface Sequence {
  readonly actions: readonly string[]
  /** Each once, in the order of the log. */
  readonly runs: readonly JudgedRun[]
}

/** The sequences of one length that begin at each place of each run; undefined where it is a rare one. */
type Places = readonly (readonly (Sequence | undefined)[])[]

interface Level {
  readonly sequences: readonly Sequence[]
  readonly places: Places
}

const single = (runs: readonly JudgedRun[], fewestRuns: number): Level => {
  const occurrences = runs.flatMap((run) => [...new Set(run.actions)].map((action) => ({ action, run })))
  const frequent = [...groupedBy(occurrences, ({ action }) => action)].filter(([, own]) => own.length >= fewestRuns)
  const sequences = new Map(frequent.map(([action, own]) => [action, { actions: [action], runs: own.map(({ run }) => run) }]))
  return { sequences: [...sequences.values()], places: runs.map(({ actions }) => actions.map((action) => sequences.get(action))) }
}

interface Growing extends Sequence {
  readonly runs: JudgedRun[]
}

/** Sequences that are longer by one: only where both their parts are frequent they can be (Agrawal and Srikant 1994). */
const longer = (runs: readonly JudgedRun[], { places }: Level, fewestRuns: number, covered: Set<Sequence>): Level => {
  const byParts = new Map<Sequence, Map<Sequence, Growing>>()
  const grown = places.map((own, place) => {
    const run = runs[place]
    return own.slice(0, -1).map((first, at) => {
      const second = own[at + 1]
      if (first === undefined || second === undefined || run === undefined) return undefined
      const known = byParts.get(first) ?? new Map<Sequence, Growing>()
      byParts.set(first, known)
      const sequence = known.get(second) ?? { actions: [...first.actions, ...second.actions.slice(-1)], runs: [] }
      known.set(second, sequence)
      if (sequence.runs.at(-1) !== run) sequence.runs.push(run)
      return sequence
    })
  })
  const sequences = [...byParts].flatMap(([first, known]) =>
    [...known].flatMap(([second, sequence]) => {
      if (sequence.runs.length < fewestRuns) return []
      // A run that has a sequence has its parts, so the same number of runs is the same runs.
      for (const part of [first, second]) if (part.runs.length === sequence.runs.length) covered.add(part)
      return [sequence]
    }),
  )
  return { sequences, places: grown.map((own) => own.map((sequence) => (sequence !== undefined && sequence.runs.length >= fewestRuns ? sequence : undefined))) }
}

/**
 * Sequences of two to five neighbouring actions that so many runs had, without those that say less about the same runs: what occurs in no run without being continued in the same way
 * is named with its continuation (closed patterns, Pasquier and others 1999). Otherwise one habit of five actions would count as ten.
 */
export const sequencesIn = (runs: readonly JudgedRun[], fewestRuns: number): Sequence[] => {
  const covered = new Set<Sequence>()
  const found: Sequence[] = []
  let level = single(runs, fewestRuns)
  for (let length = 2; length <= longestSequence && level.sequences.length > 0; length += 1) {
    level = longer(runs, level, fewestRuns, covered)
    found.push(...level.sequences)
  }
  return found.filter((sequence) => !covered.has(sequence))
}
