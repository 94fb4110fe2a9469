import { boundText, durationText } from '../../statistics/in-words.ts'
import { numberText } from '../in-words.ts'
import { saving } from './savings.ts'
import { evidenceOf, type Rule, surely } from './window.ts'

/** The same call with the same result, again and again. */
export const caching: Rule = (window) =>
  saving(window, 'repeated', ({ gain, least, steps, rows }) => {
    const saved = gain.measure === 'duration' ? durationText(gain.perRun) : `${numberText(gain.perRun)} steps`
    return {
      rule: 'the same calls again',
      title: `Cache results: ${saved} of a run go into calls that were made before with the same result. Only where a call changes nothing.`,
      gain,
      evidence: evidenceOf(window, `${steps} repeated steps in ${rows.length} of ${window.runs.length} runs; at least ${boundText(least)} of a run ${surely}`, rows),
    }
  })
