import { parallelIn } from '../../evaluate/metrics/steps.ts'
import { durationText, percentText } from '../../statistics/in-words.ts'
import { worthOf } from './savings.ts'
import { evidenceOf, type Rule } from './window.ts'

/** Steps that wait for one another without need. */
export const parallelExecution: Rule = (window) => {
  const worth = worthOf(window, parallelIn(window.runs))
  if (worth === undefined || worth.gain.measure !== 'duration') return []
  const { gain, least, steps, rows } = worth
  const waiting = `${steps} steps that took nothing from the results of those before them, in ${rows.length} of ${window.runs.length} runs`
  return [
    {
      rule: 'steps that need not wait',
      title: `Do steps at the same time: ${durationText(gain.perRun)} of a run are spent waiting without need. Only where they do not get in each other's way.`,
      gain,
      evidence: evidenceOf(window, `${waiting}; at least ${percentText(least)} of a run with 95 % confidence`, rows),
    },
  ]
}
