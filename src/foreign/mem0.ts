import { AutodidactError, wordsOf } from '../errors.ts'
import { name } from '../log/kinds/shared.ts'
import { jsonIn } from '../log/payload.ts'
import { DatabaseSync } from '../storage/node-sqlite.ts'
import { type ForeignMemory, type ForeignProblem, mostProblems } from './memory.ts'

/**
 * The SQLite files of mem0. Its history (`history` in Python, `memory_history` in JavaScript) tells each change of a memory; the vector store of the JavaScript
 * version (`vectors`) holds what it remembers now. Source: https://github.com/mem0ai/mem0, mem0/memory/storage.py, mem0-ts/src/oss/src/storage/SQLiteManager.ts and vector_stores/memory.ts
 */
type Row = Readonly<Record<string, unknown>>

/** Columns have other names in older versions, and in the other language. */
const columns = {
  memory: ['memory_id'],
  said: ['new_memory', 'new_value'],
  event: ['event', 'action'],
  at: ['updated_at', 'created_at', 'timestamp'],
} as const

const mostRows = 1_000_000

const textIn = (row: Row, names: readonly string[]): string | undefined => {
  const found = names.map((column) => row[column]).find((value) => typeof value === 'string' && value !== '')
  return typeof found === 'string' ? found.toWellFormed() : undefined
}

const nameIn = (row: Row, names: readonly string[]): string | undefined => name.safeParse(textIn(row, names)).data

/** ISO dates and those of SQLite; without a zone they are UTC. */
const timeIn = (row: Row, names: readonly string[]): number | undefined => {
  const told = textIn(row, names)
  if (told === undefined) return undefined
  const time = Date.parse(/(?:Z|[+-]\d{2}:?\d{2})$/.test(told) ? told : `${told.replace(' ', 'T')}Z`)
  return Number.isFinite(time) ? time : undefined
}

const isObject = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)

class Reading {
  readonly memories = new Map<string, ForeignMemory>()
  readonly problems: ForeignProblem[] = []

  refuse(place: number, what: string): void {
    if (this.problems.length < mostProblems) this.problems.push({ place, unit: 'row', code: 'INVALID_INPUT', message: `Row ${place} ${what}. It was left out.` })
  }

  /** A change of a memory; what was said last is what it says. */
  change(row: Row, place: number): void {
    const id = nameIn(row, columns.memory)
    if (id === undefined) {
      this.refuse(place, 'names no memory')
      return
    }
    const said = textIn(row, columns.said)
    const isGone = /^delete$/i.test(textIn(row, columns.event) ?? '') || Number(row.is_deleted ?? 0) === 1
    if (isGone) this.memories.delete(id)
    else if (said === undefined || said.trim() === '') this.refuse(place, 'says nothing')
    else this.memories.set(id, this.#memory(id, said, { place, at: timeIn(row, columns.at), agent: nameIn(row, ['actor_id']) }))
  }

  /** A memory as it is now. */
  vector(row: Row, place: number): void {
    const id = nameIn(row, ['id'])
    const payload = this.#payload(row.payload)
    const said = payload === undefined ? undefined : textIn(payload, ['data', 'memory', 'text'])
    if (id === undefined || payload === undefined || said === undefined || said.trim() === '') {
      this.refuse(place, 'has no id, or no text in its payload')
      return
    }
    const about = { user: nameIn(payload, ['user_id', 'userId']), agent: nameIn(payload, ['agent_id', 'agentId']), session: nameIn(payload, ['run_id', 'runId']) }
    this.memories.set(id, this.#memory(id, said, { place, at: timeIn(payload, ['updated_at', 'updatedAt', 'created_at', 'createdAt']), ...about }))
  }

  #payload(told: unknown): Row | undefined {
    if (typeof told !== 'string') return undefined
    const value: unknown = jsonIn(told)
    return isObject(value) ? value : undefined
  }

  #memory(id: string, said: string, { place, at, user, agent, session }: { readonly place: number; readonly at: number | undefined; readonly user?: string | undefined; readonly agent?: string | undefined; readonly session?: string | undefined }): ForeignMemory {
    return {
      id,
      place,
      parts: [said],
      ...(user === undefined ? {} : { user }),
      ...(agent === undefined ? {} : { agent }),
      ...(session === undefined ? {} : { session }),
      ...(at === undefined ? {} : { occurredAt: at }),
    }
  }
}

/** Real tables only: a view, or a virtual table, runs what somebody else has written. */
const tablesIn = (database: DatabaseSync): ReadonlySet<string> =>
  new Set(
    database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite_%'")
      .all()
      .map((row) => String(row.name)),
  )

const refusal = (path: string, tables: ReadonlySet<string>): AutodidactError => {
  if (tables.has('facts')) return new AutodidactError('INVALID_INPUT', `"${path}" holds experience of Autodidact. Nothing was read; copy it with \`autodidact copy FROM TO\`, or export its knowledge.`)
  if (tables.has('points')) {
    return new AutodidactError('INVALID_INPUT', `"${path}" is a vector store of Qdrant, whose rows are Python objects that only Python can read safely. Nothing was read; pass the history.db of mem0, which lies beside it or in ~/.mem0.`)
  }
  const found = tables.size === 0 ? 'it has no tables' : `its tables are ${[...tables].slice(0, 8).join(', ')}`
  return new AutodidactError('INVALID_INPUT', `"${path}" is a SQLite file, and no memory of mem0: ${found}. Nothing was read; one of mem0 has a table history, memory_history or vectors.`)
}

const read = (database: DatabaseSync, path: string): Reading => {
  // What is written in the schema of a foreign file must not run.
  database.exec('PRAGMA trusted_schema = OFF')
  const tables = tablesIn(database)
  const reading = new Reading()
  const vectors = tables.has('vectors')
  const history = ['history', 'memory_history'].find((table) => tables.has(table))
  const has = (table: string, column: string): boolean => database.prepare(`PRAGMA table_info("${table}")`).all().some((each) => each.name === column)
  if ((vectors && !has('vectors', 'payload')) || (history !== undefined && !has(history, 'memory_id')) || (!vectors && history === undefined)) throw refusal(path, tables)
  // In the order in which they were written: dates may be missing, and of several zones.
  for (const [table, take] of [[history, reading.change.bind(reading)], [vectors ? 'vectors' : undefined, reading.vector.bind(reading)]] as const) {
    if (table === undefined) continue
    let place = 0
    for (const row of database.prepare(`SELECT * FROM "${table}" ORDER BY rowid`).iterate()) {
      place += 1
      if (place > mostRows) throw new AutodidactError('LIMIT_EXCEEDED', `"${path}" has more than ${mostRows.toLocaleString('en')} rows in ${table}. Nothing was read; delete old ones, or split it.`)
      take(row, place)
    }
  }
  return reading
}

/**
 * What mem0 remembers, by its SQLite file, which is opened for reading only.
 *
 * @throws AutodidactError `INVALID_INPUT` where it is another database, `CORRUPT`, `CANNOT_OPEN`, `LIMIT_EXCEEDED`
 */
export const readMem0 = (path: string): { readonly memories: readonly ForeignMemory[]; readonly problems: readonly ForeignProblem[] } => {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 })
    const { memories, problems } = read(database, path)
    return { memories: [...memories.values()], problems }
  } catch (error) {
    if (AutodidactError.is(error)) throw error
    throw new AutodidactError('CORRUPT', `"${path}" begins like a SQLite file and cannot be read: ${wordsOf(error, false).slice(0, 200)}. Nothing was read; check the file, or copy it anew while nobody writes to it.`, { cause: error })
  } finally {
    database?.close()
  }
}
