import { type Command, Option } from 'commander'
import type { Autodidact } from '../../autodidact.ts'
import { AutodidactError } from '../../errors.ts'
import type { FeedbackInput, FeedbackReceipt, FeedbackSettings } from '../../feedback/feedback.ts'
import { addFileCommand, type FileOptions } from '../command.ts'
import { defined, parseNumber } from '../option-values.ts'
import { print, withAutodidact } from '../perform.ts'
import { readObject, readValue, valueHelp } from '../input.ts'
import { runMeant } from '../run-meant.ts'
import { dim, shownId, wrapped } from '../text.ts'

interface Options extends FileOptions {
  readonly score?: number
  readonly correction?: string
  readonly success?: true
  readonly failure?: true
  readonly judge?: string
  readonly comment?: string
  readonly retract?: string
  readonly author?: string
  readonly decision?: string
  readonly id?: string
  readonly input?: string
}

const thumbs: Readonly<Record<string, number>> = { up: 1, down: 0 }

/** A thumb is a score. */
const scoreOf = (thumb: string | undefined, score: number | undefined): number | undefined => {
  if (thumb === undefined) return score
  if (score !== undefined) throw new AutodidactError('INVALID_INPUT', `${thumb} and --score are two ratings. Give one of them.`)
  const value = thumbs[thumb]
  if (value === undefined) throw new AutodidactError('INVALID_INPUT', `"${thumb}" is no rating. Say up or down, or give a number with --score.`)
  return value
}

/**
 * What came of it. What the agent did and what recall shows are told apart where somebody has corrected it: the run counts as failed, as `explain` and reports say, and yet stands as a success in recall, with the
 * right answer.
 */
const resultText = ({ recorded, standing }: FeedbackReceipt, isCorrection: boolean, hint: string): string => {
  if (!recorded) return `the run is not recorded yet; the feedback waits for it${hint}`
  if (!isCorrection || standing !== 'success') return `the run stands as ${standing}`
  return 'what the run responded counts as failed, unless it was the same; recall shows the right answer in its place, as a success'
}

/** For whoever may have mistyped the id; nothing for a run that has begun. */
const hintFor = async (autodidact: Autodidact, { run, recorded }: FeedbackReceipt): Promise<string> => {
  if (recorded) return ''
  const { isKnown, nearest } = await runMeant(autodidact, run)
  if (isKnown) return ''
  return `. Nothing else is known of a run of this id: check it${nearest === undefined ? '' : `; did you mean "${shownId(nearest)}"?`}`
}

export const addFeedback = (program: Command): void => {
  addFileCommand(program, {
    usage: 'feedback <run> [up|down]',
    summary: 'Write down how a run went',
    description: 'Write down how a run went: a thumb, a score, the right answer, an outcome from outside, a comment; or take a feedback back.',
    examples: ['autodidact feedback run_01a1… up --author ada', `autodidact feedback run_01a1… --correction '{"query": "SELECT 1"}'`],
  })
    .option('--score <0..1>', 'a rating', parseNumber)
    .option('--correction <value>', `the right answer: ${valueHelp}`)
    .addOption(new Option('--success', 'a check found it right').conflicts('failure'))
    .option('--failure', 'a check found it wrong')
    .addOption(new Option('--judge <who>', 'who found it so (default: check)').choices(['check', 'user', 'host', 'model']))
    .option('--comment <text>', 'in words')
    .option('--retract <id>', 'take back the feedback with this id')
    .option('--author <name>', 'who says so; one author has one vote')
    .option('--decision <id>', 'the one decision that is meant')
    .option('--id <id>', 'id of the feedback; the same again counts once')
    .option('--input <file>', 'all of it as a JSON object, - for standard input; flags win')
    .action(async (run: string, thumb: string | undefined, options: Options) => {
      const { comment, retract, author, decision, id, judge } = options
      const { author: by, decision: meant, id: named, source, occurredAt, ...given } = await readObject(options.input)
      const success = options.success ?? (options.failure === true ? false : undefined)
      if (judge !== undefined && success === undefined) throw new AutodidactError('INVALID_INPUT', '--judge says who found it so. Add --success or --failure.')
      const outcome = success === undefined ? undefined : defined({ success, judge })
      const correction = options.correction === undefined ? undefined : await readValue(options.correction, '--correction')
      // `feedback` checks every field of both.
      const settings = { ...defined({ author: by, decision: meant, id: named, source, occurredAt }), ...defined({ author, decision, id }) } as FeedbackSettings
      const input = { ...given, ...defined({ score: scoreOf(thumb, options.score), correction, outcome, comment, retract }) } as FeedbackInput
      const { receipt, hint } = await withAutodidact(options, 'existing', async (autodidact) => {
        const written = await autodidact.feedback(run, input, settings)
        return { receipt: written, hint: await hintFor(autodidact, written) }
      })
      print(options, receipt, () => [`${receipt.status}: ${receipt.feedback}`, dim(wrapped(resultText(receipt, correction !== undefined || 'correction' in given, hint), 4))].join('\n'))
      // The receipt stays what the library returns.
      if (options.json === true && hint !== '') process.stderr.write(`The run is not recorded yet${hint}\n`)
    })
}
