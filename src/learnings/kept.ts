import { unlabelled } from '../errors.ts'
import { otherKind } from '../learn/learners/task-statistics.ts'
import { stem, stems } from '../text/words.ts'
import type { Scope } from '../scope.ts'
import { commonWords } from './common-words.ts'
import { evidenceTasks } from './evidence-tasks.ts'
import { isGood } from './found.ts'
import type { Judged } from './judged.ts'
import { isWarning, type Learning } from './learning.ts'
import { isNamedIn } from './named-in.ts'
import { triesOf } from './tries.ts'
import { adviceOf, type Said, titleOf } from './words.ts'

/** What a learning says when it is written down. */
export interface KeptText {
  readonly kind: string | undefined
  readonly title: string
  readonly content: string
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

/** Words that the name of the kind does not say already; all, where it leaves any out. */
const wordsBeside = (kind: string | undefined, common: readonly string[]): readonly string[] => {
  const said = new Set(stems(kind ?? ''))
  return common.every((word) => said.has(stem(word))) ? [] : common
}

/**
 * A learning in words, with nothing in them that the runs it names do not say: what is written down goes with these, and with no others. So its figures are those of these runs alone, the name of a
 * learned kind is in it where they have the words of it, and it names no run that it was compared with. The words that their tasks have in common are what recall finds it by.
 */
export const saidByEvidence = async (scope: Scope, { kind: found, evidence, errors = [], ...rest }: Learning, { found: { runs } }: Judged): Promise<KeptText> => {
  const about = await evidenceTasks(scope, evidence)
  const kind = found === undefined || found === otherKind || isNamedIn(found, about) ? found : undefined
  const named = runs.filter(({ run }) => evidence.includes(run))
  const { figures, tries, actions = [] } = rest
  const said: Said = {
    ...rest,
    errors,
    ...(kind === undefined ? {} : { kind }),
    ...(tries === undefined ? {} : { tries: triesOf(named, (action) => actions.includes(action)) }),
    ...(figures === undefined ? {} : { figures: { ...figures, mean: meanOf(named.map((run) => run[figures.of] ?? 0)) } }),
  }
  const good = named.filter(isGood).length
  const [count, how] = isWarning(rest.type) ? [named.length - good, 'wrong'] : [good, 'well']
  const went = `${count} of ${named.length === 1 ? 'the run' : `the ${named.length} runs`} it was seen in last went ${how}.`
  const others = rest.type === 'error_recovery' ? [] : errors.map((error) => `Error: ${unlabelled(error)}`)
  return { kind, title: titleOf(said), content: [adviceOf(said, wordsBeside(kind, commonWords(about.tasks))), went, ...others].join('\n') }
}
