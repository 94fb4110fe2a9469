import { boundText, durationText } from '../../statistics/in-words.ts'
import { countText } from '../in-words.ts'
import { saving } from './savings.ts'
import { evidenceOf, type Rule, surely } from './window.ts'

/** The same call with the same result, again and again. */
export const caching: Rule = (window) =>
  saving(window, 'repeated', ({ gain, least, steps, rows }) => {
    const saved = gain.measure === 'duration' ? durationText(gain.perRun) : countText(gain.perRun, 'step')
    return {
      rule: 'the same calls again',
      title: `Cache results: ${saved} of a run, in the mean, go into calls that were made before with the same result. Only where a call changes nothing.`,
      gain,
      evidence: evidenceOf(window, `${countText(steps, 'repeated step')} in ${rows.length} of ${window.runs.length} runs; at least ${boundText(least)} of a run ${surely}`, rows),
    }
  })
