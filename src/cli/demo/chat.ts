import { createInterface } from 'node:readline/promises'
import type { DataAnswer, DataAssistant } from '../../agents/data-assistant/assistant.ts'
import type { Schema } from '../../agents/data-assistant/schema.ts'
import { AutodidactError } from '../../errors.ts'
import { bold, dim, printable, screenWidth, shortened, wrapped } from '../text.ts'
import { rowsTable } from './tables.ts'

const help = `  a question     the assistant answers it, or says that it does not know
  +              the last answer was right
  -              the last answer was wrong
  = SELECT …     the right query for the last question
  tables         what there is to ask about
  ?              this help
  quit           leave; so do Ctrl-D and Ctrl-C`

const indented = (text: string, by = 2): string => text.split('\n').map((line) => (line === '' ? '' : `${' '.repeat(by)}${line}`)).join('\n')

const answerText = (answer: DataAnswer): string => {
  if (answer.kind === 'unknown') {
    return [`  ${bold("I don't know.")}`, dim(wrapped(answer.reason, 2)), dim('  Teach me with = SELECT …')].join('\n')
  }
  const { query, columns, rows, truncated, confidence, reason } = answer
  return [
    dim(wrapped(query ?? '', 2)),
    indented(rowsTable(columns, rows, truncated)),
    dim(wrapped(`confidence ${confidence.toFixed(2)}; ${reason}`, 2)),
    dim('  Right? Say + or -, or = SELECT … with the right query.'),
  ].join('\n')
}

const tablesText = ({ columns }: Schema): string => {
  if (columns.length === 0) return '  The database has no tables.'
  const tables = Map.groupBy(columns, ({ table }) => table)
  return [...tables].map(([table, own]) => `  ${bold(printable(table))}\n${wrapped(own.map(({ name }) => shortened(name, screenWidth() - 6)).join(', '), 4)}`).join('\n')
}

/** What one line of the person led to: what to print, and the answer that `+`, `-` and `=` are about from now on. */
interface Reply {
  readonly text: string
  readonly last: DataAnswer | undefined
}

const nothingToRate = '  Ask something first.'

const replyTo = async (line: string, assistant: DataAssistant, schema: Schema, last: DataAnswer | undefined): Promise<Reply> => {
  if (line === '?' || line === 'help') return { text: help, last }
  if (line === 'tables') return { text: tablesText(schema), last }
  if (line === '+' || line === '-' || line.startsWith('=')) return { text: last === undefined ? nothingToRate : await judgement(line, assistant, last), last }
  const answer = await assistant.ask(line)
  return { text: answerText(answer), last: answer }
}

const judgement = async (line: string, assistant: DataAssistant, last: DataAnswer): Promise<string> => {
  if (line.startsWith('=')) {
    const { result } = await assistant.correct(last.run, line.slice(1).trim())
    return ['  Learned. It returns:', indented(rowsTable(result.columns, result.rows, result.truncated))].join('\n')
  }
  await assistant.rate(last.run, line === '+' ? 'up' : 'down')
  if (line === '+') return last.kind === 'unknown' ? '  Noted: the data hold no answer to that.' : '  Noted: that was right.'
  return last.kind === 'unknown' ? '  Noted. Teach me with = SELECT …' : '  Noted: not that one. The right query would teach more: = SELECT …'
}

export interface ChatSettings {
  readonly assistant: DataAssistant
  readonly schema: Schema
  /** True in a terminal: shows a prompt and how to begin. */
  readonly interactive: boolean
  /** A question that it has been taught, to begin with. */
  readonly example?: string
}

/**
 * Talks with a person line by line until they leave: questions, ratings, corrections. Without a terminal it reads the lines of standard input. What was said
 * is in the log before the next line is read.
 */
export const chat = async ({ assistant, schema, interactive, example }: ChatSettings): Promise<void> => {
  const screen = createInterface({ input: process.stdin, output: interactive ? process.stdout : undefined, prompt: '> ', terminal: interactive })
  let open = true
  screen.on('close', () => (open = false))
  const prompt = (): void => {
    // The person may leave, or the input end, while an answer is under way.
    if (open) screen.prompt()
  }
  // Ctrl-C: everything said is saved already, so leaving is all there is to do.
  screen.on('SIGINT', () => screen.close())
  if (interactive) {
    const beginning = example === undefined ? '' : `${wrapped(`Such as: ${shortened(example, 200)}`)}\n`
    process.stdout.write(`Ask it something yourself; ? for help, Ctrl-D to leave.\n${beginning}\n`)
  }
  let last: DataAnswer | undefined
  prompt()
  try {
    for await (const given of screen) {
      const line = given.trim()
      if (line === 'quit' || line === 'exit') break
      if (line !== '') {
        const reply = await replied(line, assistant, schema, last)
        last = reply.last
        process.stdout.write(`${interactive ? '' : `> ${line}\n`}${reply.text}\n\n`)
      }
      prompt()
    }
  } finally {
    screen.close()
    // Whoever left with Ctrl-C or Ctrl-D is still on the line of the prompt.
    if (interactive) process.stdout.write('\n')
  }
}

/** The same, with what cannot be done told instead of thrown: a mistyped query does not end the talk. */
const replied = async (line: string, assistant: DataAssistant, schema: Schema, last: DataAnswer | undefined): Promise<Reply> => {
  try {
    return await replyTo(line, assistant, schema, last)
  } catch (error) {
    if (!AutodidactError.is(error)) throw error
    return { text: wrapped(error.message, 2), last }
  }
}
