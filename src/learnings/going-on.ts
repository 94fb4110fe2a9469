import { firstBreak } from '../learn/structures/attempts.ts'
import { plus, type RunTally } from '../learn/structures/run-tallies.ts'
import { groupedBy, type JudgedRun, tallyOf } from './found.ts'

/** Where something begins in the runs that did it, by the places of these in the group. */
export interface Occurrence {
  /** Places of the runs. */
  readonly runs: readonly number[]
  /** Where it begins last in each of them. */
  readonly starts: readonly number[]
}

/** Runs that broke off at one step. */
interface Break {
  readonly brokenOff: readonly JudgedRun[]
  /** Runs that got past it, and came to their end. */
  past: number
}

/** A step that others break off at, and where it first succeeded in a run. */
interface Passed {
  readonly step: Break
  readonly at: number
}

/**
 * What runs would have gone on with that broke off before they came to it: judged by those that got past the same step and came to their end. Otherwise what comes anywhere behind a step that fails at
 * times would be praised for that, and not only what begins with it.
 */
export class GoingOn {
  readonly #runs: readonly JudgedRun[]
  /** By place of a run, in the order of its steps; of one that broke off, none. */
  readonly #passed: readonly (readonly Passed[])[]

  /** @param runs of one agent and kind */
  constructor(runs: readonly JudgedRun[]) {
    this.#runs = runs
    const steps = runs.map(({ actions, failed = [] }) => firstBreak({ actions, failed }))
    const broken = groupedBy([...runs.entries()].filter(([place]) => steps[place] !== undefined), ([place]) => steps[place])
    const breaks = new Map([...broken].map(([action, own]): [string | undefined, Break] => [action, { brokenOff: own.map(([, run]) => run), past: 0 }]))
    this.#passed = runs.map((run, place) => (steps[place] === undefined ? passedIn(run, breaks) : []))
  }

  /**
   * Runs that broke off before they came to something, each by the share of those that got past that step and then did it.
   *
   * @param others runs that are counted for it already
   */
  to({ runs, starts }: Occurrence, others: readonly JudgedRun[]): { readonly runs: readonly JudgedRun[]; readonly tally: RunTally | undefined } {
    const went = new Map<Break, number>()
    for (const [place, run] of runs.entries()) {
      for (const { step, at } of this.#passed[run] ?? []) {
        if (at >= (starts[place] ?? 0)) break
        went.set(step, (went.get(step) ?? 0) + 1)
      }
    }
    if (went.size === 0) return { runs: [], tally: undefined }
    const known = new Set([...runs.map((run) => this.#runs[run]), ...others])
    const found: JudgedRun[] = []
    let tally: RunTally | undefined
    for (const [{ brokenOff, past }, count] of went) {
      const more = brokenOff.filter((run) => !known.has(run))
      if (more.length === 0) continue
      tally = plus(tally, tallyOf(more), count / past)
      found.push(...more)
    }
    return { runs: found, tally }
  }
}

/** Counts the run for each of them, too. */
const passedIn = ({ actions, failed = [] }: JudgedRun, breaks: ReadonlyMap<string | undefined, Break>): readonly Passed[] => {
  const failing = new Set(failed)
  const passed = new Map<Break, number>()
  for (const [at, action] of actions.entries()) {
    const step = failing.has(at) ? undefined : breaks.get(action)
    if (step !== undefined && !passed.has(step)) passed.set(step, at)
  }
  for (const step of passed.keys()) step.past += 1
  return Array.from(passed, ([step, at]) => ({ step, at }))
}
