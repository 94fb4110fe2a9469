import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { seededRandom } from '../../src/decide/random.ts'
import { AutodidactError } from '../../src/errors.ts'
import { shopRows } from './data.ts'
import { type ShopQuestion, writeQuestions } from './questions.ts'
import { schema } from './schema.ts'

export type { ShopQuestion } from './questions.ts'

const defaultSeed = 1
// The stream draws from numbers of its own, so that a change to the rows does not reshuffle the questions.
const streamOffset = 0x5eed

/** Where {@link generateShop} wrote its two files. */
export type ShopFiles = { readonly database: string, readonly questions: string }

const fillDatabase = (path: string, seed: number): DatabaseSync => {
  if (!Number.isSafeInteger(seed)) throw new AutodidactError('INVALID_INPUT', `The seed of a shop is ${seed}. Give an integer.`)
  const database = new DatabaseSync(path)
  // Nothing is lost when the machine stops half way: the file is written again from the seed.
  database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN')
  database.exec(schema)
  for (const [table, rows] of Object.entries(shopRows(seed))) {
    const columns = Object.keys(rows[0] ?? {})
    const insert = database.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`)
    for (const row of rows) insert.run(...Object.values(row))
  }
  database.exec('COMMIT')
  return database
}

const questionsOver = (database: DatabaseSync, seed: number): ShopQuestion[] => writeQuestions(database, seededRandom(seed + streamOffset))

// Files are written under this name and then renamed, so that a process that uses the same folder never reads half a file.
const part = (file: string): string => `${file}.${process.pid}.part`

/**
 * The stream of questions that {@link generateShop} writes, in memory.
 *
 * @param seed any integer; the same seed gives the same questions (default 1)
 * @throws AutodidactError `INVALID_INPUT` when the seed is not an integer
 */
export const shopQuestions = ({ seed = defaultSeed }: { readonly seed?: number } = {}): ShopQuestion[] => {
  const database = fillDatabase(':memory:', seed)
  try {
    return questionsOver(database, seed)
  } finally {
    database.close()
  }
}

/**
 * Writes a shop into a folder: `database.sqlite`, and `questions.jsonl` with one JSON object a line. Takes well under a second; the folder
 * is created when it is missing, and files of those two names are replaced.
 *
 * @param folder where to write
 * @param seed any integer; the same seed gives the same shop and the same questions (default 1)
 * @throws AutodidactError `INVALID_INPUT` when the seed is not an integer
 */
export const generateShop = (folder: string, { seed = defaultSeed }: { readonly seed?: number } = {}): ShopFiles => {
  mkdirSync(folder, { recursive: true })
  const files = { database: join(folder, 'database.sqlite'), questions: join(folder, 'questions.jsonl') }
  rmSync(part(files.database), { force: true })
  const database = fillDatabase(part(files.database), seed)
  try {
    writeFileSync(part(files.questions), questionsOver(database, seed).map(question => `${JSON.stringify(question)}\n`).join(''))
  } finally {
    database.close()
  }
  // A log left over from the file before would be applied to the new one.
  for (const suffix of ['-wal', '-shm', '-journal']) rmSync(files.database + suffix, { force: true })
  renameSync(part(files.database), files.database)
  renameSync(part(files.questions), files.questions)
  return files
}

if (import.meta.main) {
  const [folder = 'shop', seed = String(defaultSeed)] = process.argv.slice(2)
  const files = generateShop(folder, { seed: Number(seed) })
  process.stdout.write(`${files.database}\n${files.questions}\n`)
}
