import type { DataAnswer } from '../../agents/data-assistant/assistant.ts'
import type { Result } from '../../agents/data-assistant/database/database.ts'
import { readableQuery } from '../../agents/data-assistant/database/sql.ts'
import { bold, dim, printable, wrapped } from '../text.ts'
import { rowsTable } from './tables.ts'

/** What a query returns, as a table. */
export const resultText = ({ columns, rows, truncated }: Result): string =>
  rowsTable(columns, rows, truncated)
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n')

const queryLine = (query: string): string => wrapped(printable(readableQuery(query)), 2)

/** An answer with its query and rows, or why there is none and what it would have guessed. */
export const answerLines = (answer: DataAnswer): string[] => {
  const { query, guess, confidence, reason } = answer
  const why = dim(wrapped(`confidence ${confidence.toFixed(2)}; ${printable(reason)}`, 2))
  if (answer.kind === 'answer') return [dim(queryLine(query ?? '')), resultText(answer), why]
  const known = `  ${bold("I don't know.")}`
  return guess === undefined ? [known, dim(wrapped(printable(reason), 2))] : [known, why, '  My guess:', queryLine(guess)]
}
