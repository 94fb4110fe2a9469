import { percentText } from '../statistics/in-words.ts'
import type { AlternativeApproach, ApproachEvidence, NamedEvidence, Recommendation, ToolEvidence } from './recommendation.ts'

const rateOf = ({ rate = 0 }: ApproachEvidence['success']): string => percentText(rate)

const counted = (runs: number): string => `${runs} similar ${runs === 1 ? 'run' : 'runs'}`

const approachLine = ({ approach, runs, success }: ApproachEvidence): string =>
  `Use the approach "${approach}": ${rateOf(success)} of ${counted(runs)} went well, at least ${percentText(success.low)} with 95 % confidence.`

const alternativeLine = (approach: string, { approach: other, runs, success, difference }: AlternativeApproach): string => {
  const verdict = difference.low > 0 ? `worse than "${approach}"` : `not shown to be worse than "${approach}"`
  return `"${other}" is ${verdict}: ${rateOf(success)} of ${counted(runs)}.`
}

const ofRuns = ({ runs, success }: NamedEvidence): string => `${rateOf(success)} of ${runs} ${runs === 1 ? 'run' : 'runs'}`

const nameLine = (what: string, names: readonly string[]): string[] => (names.length === 0 ? [] : [`${what}: ${names.join(', ')}.`])

const factorText = (factor: NamedEvidence): string => `${factor.name} (${ofRuns(factor)})`

/** Most calls do not fail: that is not said each time. */
const toolText = (tool: ToolEvidence): string => `${tool.name} (${ofRuns(tool)}${tool.failed === 0 ? '' : `; ${tool.failed} of ${tool.calls} ${tool.calls === 1 ? 'call' : 'calls'} failed`})`

/** A recommendation for people, a line for each thing. */
export const inWords = ({ approach, evidence, alternatives, tools, factors }: Omit<Recommendation, 'recommendations'>): string[] => {
  if (evidence === undefined) return [`No similar run is known. Use the approach "${approach}", and record how it goes.`]
  const hasFailed = (evidence.success.rate ?? 0) < 0.5
  return [
    approachLine(evidence),
    ...(hasFailed ? ['Nothing that was tried went well more often than not: consider an approach that is not in this list.'] : []),
    ...alternatives.map((alternative) => alternativeLine(approach, alternative)),
    ...nameLine('Success factors', factors.map(factorText)),
    ...nameLine('Tools tried', tools.map(toolText)),
  ]
}
