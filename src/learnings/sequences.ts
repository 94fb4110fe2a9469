import { plus, type RunTally } from '../learn/structures/run-tallies.ts'
import { longestSequence } from '../learn/structures/sequence-counts.ts'
import { type JudgedRun, tallyOf } from './found.ts'
import { GoingOn } from './going-on.ts'

/** A sequence of neighbouring actions, and the runs that attempted it. */
export interface Sequence {
  readonly actions: readonly string[]
  /** That did all of it, each once, in the order of the log. */
  readonly runs: readonly JudgedRun[]
  /** Those that broke off under way or before, by the share of those that got further and then did all of it; undefined where there are none. */
  readonly brokenOff: RunTally | undefined
}

/** A sequence while it is counted. */
interface Counted {
  readonly actions: readonly string[]
  /** Without its last action. */
  readonly beginning?: Counted
  /** Runs that came to its last action, whether that failed or not. */
  readonly whole: JudgedRun[]
  /** Their places, and where it begins last in each of them. */
  readonly places: number[]
  readonly starts: number[]
  /** Those of them whose last action failed each time: they never got past it. */
  readonly brokenOff: JudgedRun[]
  /** Those that broke off under way to it or before, and how far they count; known when its level is. */
  underWay: { readonly runs: readonly JudgedRun[]; readonly tally: RunTally | undefined }
}

/** The sequences of one length that begin at each place of each run; undefined where it is a rare one, or does not go on because a step failed. */
type Places = readonly (readonly (Counted | undefined)[])[]

interface Level {
  readonly sequences: readonly Counted[]
  readonly places: Places
}

const counted = (actions: readonly string[], beginning?: Counted): Counted => ({ actions, ...(beginning === undefined ? {} : { beginning }), whole: [], places: [], starts: [], brokenOff: [], underWay: { runs: [], tally: undefined } })

const count = ({ whole, places, starts, brokenOff }: Counted, run: JudgedRun, place: number, start: number, hasFailed: boolean): void => {
  const isFirst = whole.at(-1) !== run
  if (isFirst) {
    whole.push(run)
    places.push(place)
  }
  starts[whole.length - 1] = start
  if (isFirst && hasFailed) brokenOff.push(run)
  else if (!hasFailed && brokenOff.at(-1) === run) brokenOff.pop()
}

/**
 * Runs that did all of a sequence, and those that broke off under way: what these would have gone on with is not known, so they count as often as those did that got past that step. Otherwise what
 * comes after a step that fails at times would be praised for that (only runs in which it worked have the rest).
 */
const underWayTo = ({ whole, places, starts, beginning }: Counted, goingOn: GoingOn): Counted['underWay'] => {
  const runs: JudgedRun[] = []
  let tally: RunTally | undefined
  for (let before = beginning; before !== undefined; before = before.beginning) {
    if (before.brokenOff.length === 0) continue
    const share = Math.min(1, (whole.length + (tally?.runs ?? 0)) / Math.max(1, before.whole.length - before.brokenOff.length))
    tally = plus(tally, tallyOf(before.brokenOff), share)
    runs.push(...before.brokenOff)
  }
  const before = goingOn.to({ runs: places, starts }, runs)
  return { runs: [...runs, ...before.runs], tally: before.tally === undefined ? tally : plus(tally, before.tally) }
}

const single = (runs: readonly JudgedRun[], fewestRuns: number): Level => {
  const sequences = new Map<string, Counted>()
  for (const [place, run] of runs.entries()) {
    const failed = new Set(run.failed)
    for (const [at, action] of run.actions.entries()) {
      const sequence = sequences.get(action) ?? counted([action])
      sequences.set(action, sequence)
      count(sequence, run, place, at, failed.has(at))
    }
  }
  const frequent = new Map([...sequences].filter(([, { whole }]) => whole.length >= fewestRuns))
  return { sequences: [...frequent.values()], places: runs.map(({ actions }) => actions.map((action) => frequent.get(action))) }
}

/** Whether the very same runs attempted both, and as far. */
const isSame = (left: Counted, right: Counted): boolean => {
  if (left.whole.length + left.underWay.runs.length !== right.whole.length + right.underWay.runs.length) return false
  if (Math.abs((left.underWay.tally?.runs ?? 0) - (right.underWay.tally?.runs ?? 0) + left.whole.length - right.whole.length) > 1e-6) return false
  const runs = new Set([...left.whole, ...left.underWay.runs])
  return [...right.whole, ...right.underWay.runs].every((run) => runs.has(run))
}

/** Sequences that are longer by one: only where both their parts are frequent they can be (Agrawal and Srikant 1994). What comes after a step that failed is an answer to that, and no part of them. */
const longer = (runs: readonly JudgedRun[], { places }: Level, length: number, fewestRuns: number, goingOn: GoingOn, covered: Set<Counted>): Level => {
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
      count(sequence, run, place, at, failed.has(at + length - 1))
      return sequence
    })
  })
  const sequences = [...byParts].flatMap(([first, known]) =>
    [...known].flatMap(([second, sequence]) => {
      if (sequence.whole.length < fewestRuns) return []
      sequence.underWay = underWayTo(sequence, goingOn)
      for (const part of [first, second]) if (isSame(part, sequence)) covered.add(part)
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
  const covered = new Set<Counted>()
  const found: Counted[] = []
  const goingOn = new GoingOn(runs)
  let level = single(runs, fewestRuns)
  for (let length = 2; length <= longestSequence && level.sequences.length > 0; length += 1) {
    level = longer(runs, level, length, fewestRuns, goingOn, covered)
    found.push(...level.sequences)
  }
  return found.flatMap((sequence) => (covered.has(sequence) ? [] : { actions: sequence.actions, runs: sequence.whole, brokenOff: sequence.underWay.tally }))
}
