import { repeatsIn } from '../../evaluate/metrics/steps.ts'
import { durationText, percentText } from '../../statistics/in-words.ts'
import { numberText } from '../in-words.ts'
import { worthOf } from './savings.ts'
import { evidenceOf, type Rule } from './window.ts'

/** The same call with the same result, again and again. */
export const caching: Rule = (window) => {
  const worth = worthOf(window, repeatsIn(window.runs))
  if (worth === undefined) return []
  const { gain, least, steps, rows } = worth
  const saved = gain.measure === 'duration' ? durationText(gain.perRun) : `${numberText(gain.perRun)} steps`
  const statement = `${steps} repeated steps in ${rows.length} of ${window.runs.length} runs; at least ${percentText(least)} of a run with 95 % confidence`
  return [
    {
      rule: 'the same calls again',
      title: `Cache results: ${saved} of a run go into calls that were made before with the same result. Only where a call changes nothing.`,
      gain,
      evidence: evidenceOf(window, statement, rows),
    },
  ]
}
