import { type Command, Option } from 'commander'
import { AutodidactError } from '../../errors.ts'
import type { FeedbackInput, FeedbackSettings } from '../../feedback/feedback.ts'
import { addFileCommand, type FileOptions } from '../command.ts'
import { defined, parseNumber } from '../option-values.ts'
import { print, withAutodidact } from '../perform.ts'
import { readObject, readValue, valueHelp } from '../input.ts'
import { dim } from '../text.ts'

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
      const receipt = await withAutodidact(options, 'existing', (autodidact) => autodidact.feedback(run, input, settings))
      print(options, receipt, () =>
        [
          `${receipt.status}: ${receipt.feedback}`,
          dim(receipt.recorded ? `    the run stands as ${receipt.standing}${correction === undefined ? '' : ', with the right answer in place of its own'}` : '    the run is not recorded yet; the feedback waits for it'),
        ].join('\n'),
      )
    })
}
