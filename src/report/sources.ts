import { percentText } from '../statistics/in-words.ts'
import { doubted, type SourceReputation, sourceReputation } from '../learn/learners/source-reputation.ts'
import type { Scope } from '../scope.ts'

const shownSources = 20

/** Sources whose items were shown to runs that others judged, those in the worst repute first; at most 20. */
export const sourcesOf = async ({ runner, namespace }: Scope): Promise<readonly SourceReputation[]> =>
  (await runner.view(namespace, sourceReputation)).all().filter(({ verdicts }) => verdicts > 0).slice(0, shownSources)

/** Those that people are told of. */
export const doubtedOf = (sources: readonly SourceReputation[]): readonly SourceReputation[] => sources.filter(({ factor }) => factor < doubted)

/** A source that is doubted, in a sentence. */
export const sourceText = ({ role, name, verdicts, rate, expected, factor }: SourceReputation): string =>
  `What ${role} ${name} taught went well in ${percentText(rate)} of the runs that others judged (${Math.round(verdicts)}), where they say so of ${percentText(expected)} of the rest; it is ranked at ${percentText(factor)}. \`forget\` takes it back.`
