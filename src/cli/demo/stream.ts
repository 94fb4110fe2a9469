import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { AutodidactError } from '../../errors.ts'

/** One question of a stream and the query whose rows answer it. */
export interface StreamQuestion {
  readonly question: string
  /** Null where only "I don't know" is right. */
  readonly sql: string | null
}

/** A database and what people ask about it. */
export interface Stream {
  readonly database: string
  readonly questions: readonly StreamQuestion[]
}

// Other fields, such as those of the generated shop, are for tests and reports; they must not reach whoever answers.
const line = z.object({ question: z.string().trim().min(1), sql: z.string().trim().min(1).nullable() })

const parsedLine = (text: string, place: string): StreamQuestion => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new AutodidactError('INVALID_INPUT', `${place} is not JSON. Write one object a line, with question and sql.`, { cause: error })
  }
  const result = line.safeParse(value)
  if (result.success) return result.data
  throw new AutodidactError('INVALID_INPUT', `${place} needs a text "question", and "sql" as a text or null. Correct that line.`)
}

/**
 * Reads a folder with `database.sqlite` and `questions.jsonl`.
 *
 * @throws AutodidactError `CANNOT_OPEN`, `INVALID_INPUT` naming the line
 */
export const readStream = (folder: string): Stream => {
  const path = join(folder, 'questions.jsonl')
  let content: string
  try {
    content = readFileSync(path, 'utf8')
  } catch (error) {
    throw new AutodidactError('CANNOT_OPEN', `"${path}" cannot be read. Name a folder that holds database.sqlite and questions.jsonl.`, { cause: error })
  }
  const questions = content.split('\n').flatMap((text, at) => (text.trim() === '' ? [] : [parsedLine(text, `Line ${at + 1} of "${path}"`)]))
  if (questions.length === 0) throw new AutodidactError('INVALID_INPUT', `"${path}" holds no question. Write one JSON object a line, with question and sql.`)
  return { database: join(folder, 'database.sqlite'), questions }
}
