import { type Command, Option } from 'commander'
import { AutodidactError } from '../../errors.ts'
import type { RecordInput } from '../../record/input.ts'
import type { Reflection } from '../../reflect/reflect.ts'
import { addFileCommand, type FileOptions } from '../command.ts'
import { defined, parseCount } from '../option-values.ts'
import { print, withAutodidact } from '../perform.ts'
import { readObject } from '../input.ts'
import { inShell } from '../failure.ts'
import { modelIn, modelModule } from '../model.ts'
import { proposalText } from '../proposal-text.ts'
import { counted, dim, wrapped } from '../text.ts'

interface Options extends FileOptions {
  readonly model?: string
  readonly input?: string
  readonly apply?: 'at once' | 'review' | 'corroborated'
  readonly tokensPerDay?: number
  readonly again?: true
}

const moduleHelp = `
The module of a model:
  export default {
    name: 'my-model',
    generate: async ({ messages, schema }) => ({ text: await ask(messages) }),
  }
`

const reflectionText = ({ status, reason, proposals, dropped, tokens }: Reflection): string =>
  [
    reason === undefined ? `${status}: ${counted(proposals.length, 'proposal')}` : wrapped(`${status}: ${inShell(reason)}`),
    ...proposals.map(proposalText),
    ...dropped.map((part) => dim(wrapped(`left out: ${inShell(part.reason)}`, 4))),
    dim(wrapped(`${counted(tokens.input + tokens.output, 'token')}; ${tokens.spentToday.toLocaleString('en')} of ${tokens.perDay.toLocaleString('en')} today (UTC)`)),
  ].join('\n')

export const addReflect = (program: Command): void => {
  addFileCommand(program, {
    usage: 'reflect [run]',
    summary: 'Have a model propose changes of the rules',
    description: 'Show a run and the rules in force to a teacher model, and take down which changes\nof the rules it proposes. `autodidact review` decides on them.',
    examples: ['autodidact reflect run_01a1… --model ./my-model.mjs', 'autodidact reflect --input talk.json --model ./my-model.mjs --json'],
  })
    .addOption(new Option('--model <file>', 'a module that exports the model').env('AUTODIDACT_TEACHER'))
    .option('--input <file>', 'an interaction as a JSON object, - for standard input; it is recorded first')
    .addOption(new Option('--apply <when>', 'when proposals become rules (default: review)').choices(['at once', 'review', 'corroborated']))
    .option('--tokens-per-day <n>', 'tokens that models may take on one day (default: 100000)', parseCount)
    .option('--again', 'also if nothing is new since the run was reflected on')
    .addHelpText('after', moduleHelp)
    .action(async (run: string | undefined, { model, input, apply, tokensPerDay, again, ...options }: Options) => {
      if ((run === undefined) === (input === undefined)) throw new AutodidactError('INVALID_INPUT', 'Name the run, or pass an interaction with --input: one of the two.')
      if (model === undefined) {
        throw new AutodidactError('INVALID_INPUT', `There is no teacher model, and without one nothing is proposed; all other commands work. Write a module such as ${modelModule} and pass it with --model ./my-model.mjs.`)
      }
      const teacher = await modelIn(model)
      // `record` checks every field.
      const subject = run ?? ((await readObject(input)) as unknown as RecordInput)
      const reflection = await withAutodidact(options, run === undefined ? 'create' : 'existing', (autodidact) =>
        autodidact.reflect(subject, { model: teacher, ...defined({ apply, tokensPerDay, again }) }),
      )
      if (reflection.status === 'failed' || reflection.status === 'no-budget') process.exitCode = 1
      print(options, reflection, () => reflectionText(reflection))
    })
}
