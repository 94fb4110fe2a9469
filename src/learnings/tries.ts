import type { JudgedRun } from './found.ts'
import type { Tries } from './learning.ts'

/** Below this share of its tries a step does not fail often. */
const often = 0.2

export const failsOften = ({ failed, of }: Tries): boolean => failed >= often * of

/** How often something was tried in some runs, and how often it failed. What a run broke off at behind the end of its outline was tried once more. */
export const triesOf = (runs: readonly JudgedRun[], counts: (action: string) => boolean): Tries => {
  let [of, failed] = [0, 0]
  for (const run of runs) {
    of += run.actions.filter(counts).length
    const places = run.failed ?? []
    failed += places.filter((place) => counts(run.actions[place] ?? '')).length
    const isBehind = run.brokenOffAt !== undefined && counts(run.brokenOffAt) && !places.some((place) => run.actions[place] === run.brokenOffAt)
    of += Number(isBehind)
    failed += Number(isBehind)
  }
  return { failed, of }
}
