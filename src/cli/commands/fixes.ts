import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import type { ErrorFix } from '../../learn/learners/error-fixes.ts'
import { addFileCommand, type FileOptions } from '../command.ts'
import { defined, parseNumber, parsePositive } from '../option-values.ts'
import { print, withAutodidact } from '../perform.ts'
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

/** As the library has it; loading that here would cost every command more than its help does. A test compares the two. */
const defaultConfidence = 0.85

/** As many as can be asked for at once. */
const mostFixes = 20

/** Rounded down: what is below the bound must not look as if it reached it. */
const belowText = (confidence: number): string => (Math.floor(confidence * 100) / 100).toFixed(2)

/** What somebody is told whose error has no fix of the confidence that was asked for: "none" alone would hide those that are known. */
const noneText = ([best, ...others]: readonly ErrorFix[], { confidence = defaultConfidence, tool, input }: Options): string => {
  if (best === undefined) return 'No fix is known for this error.'
  const count = others.length + 1
  const known = count === 1 ? `One is known of less confidence, ${belowText(best.confidence)}` : `${count === mostFixes ? `${count} or more` : count} are known of less confidence, the best one of ${belowText(best.confidence)}`
  const missing = [...(tool === undefined ? ['--tool'] : []), ...(input === undefined ? ['--input'] : [])].join(' and ')
  return wrapped(`No fix of a confidence of ${confidence} or more is known for this error. ${known}: --confidence 0 shows ${count === 1 ? 'it' : 'them'}.${missing === '' ? '' : ` With ${missing} it can be told more surely.`}`, 0)
}

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
    .action(async (message: string, options: Options) => {
      const { tool, input, category, confidence, limit, for: agent } = options
      const given = input === undefined ? {} : { input: await readValue(input, '--input') }
      const error = { message, ...defined({ tool, category }), ...given }
      const { fixes, below } = await withAutodidact(options, 'asking', async (autodidact) => {
        const found = await autodidact.fixesFor(error, defined({ confidence, limit, for: agent }))
        const isHidden = found.length === 0 && confidence !== 0
        return { fixes: found, below: isHidden ? await autodidact.fixesFor(error, { confidence: 0, limit: mostFixes, ...defined({ for: agent }) }) : [] }
      })
      print(options, fixes, () => (fixes.length === 0 ? noneText(below, options) : fixes.map(fixText).join('\n\n')))
      // The list stays what the library returns.
      if (options.json === true && below.length > 0) process.stderr.write(`${noneText(below, options)}\n`)
    })
}
