import { boundText, durationText } from '../../statistics/in-words.ts'
import { countText } from '../in-words.ts'
import { saving } from './savings.ts'
import { evidenceOf, type Rule, surely } from './window.ts'

/** Steps that wait for one another without need. */
export const parallelExecution: Rule = (window) =>
  saving(window, 'waiting', ({ gain, least, steps, rows }) => {
    if (gain.measure !== 'duration') return undefined
    const waiting = `${countText(steps, 'step')} that took nothing from the results of those before them, in ${rows.length} of ${window.runs.length} runs`
    return {
      rule: 'steps that need not wait',
      title: `Do steps at the same time: ${durationText(gain.perRun)} of a run, in the mean, are spent waiting without need. Only where they do not get in each other's way.`,
      gain,
      evidence: evidenceOf(window, `${waiting}; at least ${boundText(least)} of a run ${surely}`, rows),
    }
  })
