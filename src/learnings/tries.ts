import type { JudgedRun } from './found.ts'
import type { Tries } from './learning.ts'

/** How often something was tried in some runs, and how often it failed. */
export const triesOf = (runs: readonly JudgedRun[], counts: (action: string) => boolean): Tries => {
  let [of, failed] = [0, 0]
  for (const run of runs) {
    of += run.actions.filter(counts).length
    failed += (run.failed ?? []).filter((place) => counts(run.actions[place] ?? '')).length
  }
  return { failed, of }
}
