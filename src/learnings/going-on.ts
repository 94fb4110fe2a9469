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
  readonly brokenOff: readonly number[]
  /** By run: where that step succeeded first; beyond all places where it did not, and in runs that broke off somewhere. */
  readonly passed: Int32Array
  /** Runs that got past it, and came to their end. */
  readonly past: number
}

const never = 2 ** 31 - 1

/**
 * What runs would have gone on with that broke off before they came to it: judged by those that got past the same step and came to their end. Otherwise what comes anywhere behind a step that fails at
 * times would be praised for that, and not only what begins with it.
 */
export class GoingOn {
  readonly #runs: readonly JudgedRun[]
  readonly #breaks: readonly Break[]

  /** @param runs of one agent and kind */
  constructor(runs: readonly JudgedRun[]) {
    this.#runs = runs
    const steps = runs.map(({ actions, failed = [] }) => firstBreak({ actions, failed }))
    const broken = groupedBy([...runs.keys()].filter((place) => steps[place] !== undefined), (place) => steps[place])
    this.#breaks = [...broken].map(([action, brokenOff]) => {
      const passed = Int32Array.from(runs, ({ actions }, place) => {
        const at = steps[place] === undefined ? actions.findIndex((one, own) => one === action && runs[place]?.failed?.includes(own) !== true) : -1
        return at < 0 ? never : at
      })
      return { brokenOff, passed, past: passed.reduce((count, at) => count + Number(at < never), 0) }
    })
  }

  /**
   * Runs that broke off before they came to something, each by the share of those that got past that step and then did it.
   *
   * @param others runs that are counted for it already
   */
  to({ runs, starts }: Occurrence, others: readonly JudgedRun[]): { readonly runs: readonly JudgedRun[]; readonly tally: RunTally | undefined } {
    const found: JudgedRun[] = []
    let tally: RunTally | undefined
    let counted: ReadonlySet<JudgedRun | undefined> | undefined
    for (const { brokenOff, passed, past } of this.#breaks) {
      const went = runs.reduce((count, run, place) => count + Number((passed[run] ?? never) < (starts[place] ?? 0)), 0)
      if (went === 0) continue
      const known = (counted ??= new Set([...runs.map((run) => this.#runs[run]), ...others]))
      const more = brokenOff.flatMap((place) => this.#runs[place] ?? []).filter((run) => !known.has(run))
      if (more.length === 0) continue
      tally = plus(tally, tallyOf(more), went / past)
      found.push(...more)
    }
    return { runs: found, tally }
  }
}
