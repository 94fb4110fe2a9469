import { constants, DatabaseSync } from 'node:sqlite'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Answer, Ask } from './database.ts'
import { bytesOf, maximumResultBytes } from './query-limits.ts'

/** The child process of {@link ReadOnlyDatabase}: the only place that touches the file. */

const forbiddenFunctions: ReadonlySet<string> = new Set(['load_extension', 'readfile', 'writefile', 'edit', 'fts3_tokenizer', 'sqlite_log', 'lsmode', 'eval'])

/** Virtual tables that reach beyond the tables of the file. Names of user tables that happen to start alike are in the schema and stay readable. */
const forbiddenTables = /^(?:pragma_|dbstat$|dbpage$|sqlite_dbpage$|sqlite_stmt$|bytecode$|tables_used$|fsdir$|completion$|csv$)/iu

/** Another process may hold the file for a moment; less than the shortest time limit that the assistant sets, so that who waits in vain is told why. */
const busyMs = 500

const opened = (): DatabaseSync => {
  const database = new DatabaseSync(process.argv[2] ?? '', {
    readOnly: true,
    allowExtension: false,
    enableDoubleQuotedStringLiterals: true,
    timeout: busyMs,
    limits: { length: 16_777_216, sqlLength: 262_144, attach: 0, likePatternLength: 1_000, exprDepth: 200 },
  })
  database.exec('PRAGMA query_only = 1; PRAGMA temp_store = MEMORY')
  const ownTables = new Set(database.prepare("SELECT lower(name) AS name FROM sqlite_schema WHERE type IN ('table', 'view')").all().map((row) => String(row['name'])))
  database.setAuthorizer((action, first, second) => {
    if (action === constants.SQLITE_SELECT || action === constants.SQLITE_RECURSIVE) return constants.SQLITE_OK
    if (action === constants.SQLITE_READ && (first === null || ownTables.has(first.toLowerCase()) || !forbiddenTables.test(first))) return constants.SQLITE_OK
    if (action === constants.SQLITE_FUNCTION && !forbiddenFunctions.has((second ?? '').toLowerCase())) return constants.SQLITE_OK
    // Only this process can ask for it: a query begins with SELECT, WITH or VALUES.
    if (action === constants.SQLITE_PRAGMA && first === 'data_version') return constants.SQLITE_OK
    refused ||= deed(action, first, second)
    return constants.SQLITE_DENY
  })
  return database
}

const writing: ReadonlySet<number> = new Set([constants.SQLITE_INSERT, constants.SQLITE_UPDATE, constants.SQLITE_DELETE])

/** What a query does that was refused. */
const deed = (action: number, first: string | null, second: string | null): string => {
  if (action === constants.SQLITE_READ) return `reads "${first}"`
  if (action === constants.SQLITE_FUNCTION) return `calls the function "${second}"`
  if (action === constants.SQLITE_PRAGMA) return `uses the pragma "${first}"`
  return writing.has(action) ? `writes to the table "${first}"` : 'does more than read'
}

/** What the query at hand was refused for first. */
let refused = ''

/** A whole number that no JavaScript number holds exactly stays a `bigint`; keys of 64 bits are such numbers. */
const cellOf = (value: unknown): unknown => (typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value)

const failure = (id: number, error: unknown): Answer => {
  const message = error instanceof Error ? error.message : String(error)
  const resultCode = error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? { resultCode: error.errcode & 0xff } : {}
  return { id, error: message, ...resultCode, ...(refused === '' ? {} : { refused }) }
}

const answer = (database: DatabaseSync, ask: Ask): Answer => {
  refused = ''
  try {
    if (ask.sql === undefined) return { id: ask.id, columns: [], rows: [database.prepare('PRAGMA data_version').get()?.['data_version']], more: undefined }
    const statement = database.prepare(ask.sql)
    statement.setReturnArrays(true)
    statement.setReadBigInts(true)
    const columns = statement.columns().map((column) => column.name)
    const rows: unknown[] = []
    let bytes = 0
    for (const values of statement.iterate()) {
      if (rows.length === ask.maximumRows) return { id: ask.id, columns, rows, more: 'rows' }
      const row = Object.values(values).map(cellOf)
      bytes += row.reduce<number>((sum, cell) => sum + bytesOf(cell), 0)
      if (bytes > maximumResultBytes) return { id: ask.id, columns, rows, more: 'bytes' }
      rows.push(row)
    }
    return { id: ask.id, columns, rows, more: undefined }
  } catch (error) {
    return failure(ask.id, error)
  }
}

// Ctrl-C reaches every process of the terminal; when to end is for the parent to say.
process.on('SIGINT', () => undefined)
// When the parent is gone, so is the reason to be here.
process.on('disconnect', () => process.exit(0))

// Strip-types runs the source, the package runs compiled JavaScript.
const watchFile = new URL(import.meta.url.endsWith('.ts') ? './memory-watch.ts' : './memory-watch.js', import.meta.url)

const start = async (): Promise<Answer> => {
  try {
    const database = opened()
    // Before there is a query that it would have to watch.
    await once(new Worker(watchFile), 'online')
    process.on('message', (ask: Ask) => process.send?.(answer(database, ask)))
    return { id: 0, columns: [], rows: [], more: undefined }
  } catch (error) {
    return failure(0, error)
  }
}

const first = await start()
process.send?.(first, () => {
  if ('error' in first) process.exit(1)
})
