import { createInterface } from 'node:readline/promises'
import type { DataAnswer, DataAssistant } from '../../agents/data-assistant/assistant.ts'
import type { Schema } from '../../agents/data-assistant/database/schema.ts'
import { AutodidactError } from '../../errors.ts'
import { bold, dim, printable, screenWidth, shortened, wrapped } from '../text.ts'
import { answerLines, resultText } from './answer.ts'

const help = `  a question     the assistant answers it, or says that it does not know
  +              the last answer or guess was right; after "I don't know"
                 without a guess: there is no answer in the data
  none           there is no answer in the data to the last question
  -              the last answer was wrong; after = …: that was a mistake
  = SELECT …     the right query for the last question
  tables         what there is to ask about
  ?              this help
  quit           leave; so do Ctrl-D and Ctrl-C`

const answerText = (answer: DataAnswer): string => [...answerLines(answer), dim(wrapped(next(answer), 2))].join('\n')

/** What the person may say to an answer. */
const next = ({ kind, guess }: DataAnswer): string => {
  if (kind === 'answer') return 'Right? Say + or -, or = SELECT … with the right query.'
  return guess === undefined ? 'Teach me with = SELECT …' : 'If the guess is right, say +. Otherwise teach me with = SELECT …, or say none.'
}

const tablesText = ({ columns }: Schema): string => {
  if (columns.length === 0) return '  The database has no tables.'
  const tables = Map.groupBy(columns, ({ table }) => table)
  return [...tables].map(([table, own]) => `  ${bold(printable(table))}\n${wrapped(own.map(({ name }) => shortened(name, screenWidth() - 6)).join(', '), 4)}`).join('\n')
}

/** What `+`, `-` and `=` are about. */
interface Last {
  readonly answer: DataAnswer
  /** Id of the correction that was given to it just now. */
  readonly correction?: string
}

/** What one line of the person led to: what to print, and what the next line is about. */
interface Reply {
  readonly text: string
  readonly last: Last | undefined
}

const nothingToRate = '  Ask something first.'

/** What a person types who means something else than to ask. */
const hints: readonly (readonly [RegExp, string])[] = [
  [/^(?:select\b.*\bfrom\b|with\b.*\bas\s*\()/is, '  That is a query. To teach it for the last question: = SELECT …'],
  [/^(?:yes|no|right|wrong|correct)[.!]?$/i, '  Say + if the last answer was right, or - if it was wrong.'],
  [/^[+-]./s, '  Say + or - alone; what you think of it in words is not learned from.'],
]

const replyTo = async (line: string, assistant: DataAssistant, schema: Schema, last: Last | undefined): Promise<Reply> => {
  if (line === '?' || line === 'help') return { text: help, last }
  if (line === 'tables') return { text: tablesText(schema), last }
  if (line === '+' || line === '-' || line === 'none' || line.startsWith('=')) return last === undefined ? { text: nothingToRate, last } : judged(line, assistant, last)
  const hint = hints.find(([pattern]) => pattern.test(line))
  if (hint !== undefined) return { text: hint[1], last }
  const answer = await assistant.ask(line)
  return { text: answerText(answer), last: { answer } }
}

const judged = async (line: string, assistant: DataAssistant, { answer, correction }: Last): Promise<Reply> => {
  const query = line.startsWith('=') ? line.slice(1).trim() : line === '+' && correction === undefined ? answer.guess : undefined
  if (query !== undefined) {
    const { receipt, result } = await assistant.correct(answer.run, query)
    const text = ['  Learned (take it back with -). It returns:', resultText(result)].join('\n')
    return { text, last: { answer, correction: receipt.feedback } }
  }
  if (line === '-' && correction !== undefined) {
    await assistant.takeBack(answer.run, correction)
    return { text: '  Taken back. Teach me with = SELECT …', last: { answer } }
  }
  if (line === 'none' && correction !== undefined) return { text: '  You gave the answer just now; take it back with - first.', last: { answer, correction } }
  if (line === 'none' && answer.kind === 'answer') return { text: '  Say - if the last answer was wrong.', last: { answer } }
  await assistant.rate(answer.run, line === '-' ? 'down' : 'up')
  return { text: noted(line, answer.kind), last: { answer } }
}

const noted = (line: string, kind: DataAnswer['kind']): string => {
  if (line !== '-') return kind === 'unknown' ? '  Noted: the data hold no answer to that.' : '  Noted: that was right.'
  return kind === 'unknown' ? '  Noted. Teach me with = SELECT …' : '  Noted: not that one. The right query would teach more: = SELECT …'
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
  let last: Last | undefined
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
const replied = async (line: string, assistant: DataAssistant, schema: Schema, last: Last | undefined): Promise<Reply> => {
  try {
    return await replyTo(line, assistant, schema, last)
  } catch (error) {
    if (!AutodidactError.is(error)) throw error
    return { text: wrapped(error.message, 2), last }
  }
}
