import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import type { ErrorFix } from '../../learn/learners/error-fixes.ts'
import { addFileCommand, type FileOptions } from '../command.ts'
import { defined, parseNumber, parsePositive } from '../option-values.ts'
import { perform } from '../perform.ts'
import { readValue, valueHelp } from '../input.ts'
import { asText, bold, dim, wrapped } from '../text.ts'

interface Options extends FileOptions {
  readonly tool?: string
  readonly input?: string
  readonly category?: string
  readonly confidence?: number
  readonly limit?: number
  readonly for?: string
}

const parseUnit = (value: string): number => {
  const parsed = parseNumber(value)
  if (parsed < 0 || parsed > 1) throw new InvalidArgumentError('It must be between 0 and 1.')
  return parsed
}

const fixText = ({ id, approach, confidence, successes, uses, context, template, steps }: ErrorFix, place: number): string =>
  [
    `${String(place + 1).padStart(2)}  ${bold(approach ?? (steps.length === 1 ? asText(steps[0]?.input ?? steps[0]?.action) : `${steps.length} steps`))}`,
    ...steps.map(({ action, input }) => wrapped(`→ ${action}${input === undefined ? '' : `: ${asText(input)}`}`, 4)),
    dim(wrapped(`confidence ${confidence.toFixed(2)}, helped ${successes} of ${uses} times${context.tools.length === 0 ? '' : ` with ${context.tools.join(', ')}`}`, 4)),
    dim(wrapped(`against: ${template}`, 4)),
    dim(`    ${id}`),
  ].join('\n')

export const addFixes = (program: Command): void => {
  addFileCommand(program, {
    usage: 'fixes <error>',
    summary: 'What has helped against an error',
    description: 'What has helped against errors like this one,\nlearned from runs in which a step failed and then succeeded, and from people.',
    examples: ["autodidact fixes 'fatal: The current branch main has no upstream branch.' \\\n--tool git", 'make 2>&1 | tail -20 | autodidact fixes - --tool make --json'],
  })
    .option('--tool <name>', 'the tool that failed')
    .option('--input <value>', `what the tool was given: ${valueHelp}`)
    .option('--category <name>', 'the kind of task')
    .option('--confidence <number>', 'only fixes of at least this confidence, 0 to 1 (default: 0.85)', parseUnit)
    .option('--limit <count>', 'at most so many (default: 3)', parsePositive)
    .option('--for <agent>', 'the agent that asks: it is offered what is for it only, too')
    .action(
      perform(
        'asking',
        async (autodidact, [message]: readonly [string], { tool, input, category, confidence, limit, for: agent }: Options) => {
          const given = input === undefined ? {} : { input: await readValue(input, '--input') }
          return autodidact.fixesFor({ message, ...defined({ tool, category }), ...given }, defined({ confidence, limit, for: agent }))
        },
        (fixes) => (fixes.length === 0 ? 'No fix is known for this error.' : fixes.map(fixText).join('\n\n')),
      ),
    )
}
