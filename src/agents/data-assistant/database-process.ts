import { constants, DatabaseSync } from 'node:sqlite'
import type { Answer, Ask } from './database.ts'

/** The child process of {@link ReadOnlyDatabase}: the only place that touches the file. */

const forbiddenFunctions: ReadonlySet<string> = new Set(['load_extension', 'readfile', 'writefile', 'edit', 'fts3_tokenizer', 'sqlite_log', 'lsmode', 'eval'])

/** Virtual tables that reach beyond the tables of the file. Names of user tables that happen to start alike are in the schema and stay readable. */
const forbiddenTables = /^(?:pragma_|dbstat$|dbpage$|sqlite_dbpage$|sqlite_stmt$|bytecode$|tables_used$|fsdir$|completion$|csv$)/iu

const database = new DatabaseSync(process.argv[2] ?? '', {
  readOnly: true,
  allowExtension: false,
  enableDoubleQuotedStringLiterals: true,
  limits: { length: 16_777_216, sqlLength: 262_144, attach: 0, likePatternLength: 1_000, exprDepth: 200 },
})
database.exec('PRAGMA query_only = 1; PRAGMA temp_store = MEMORY')
const ownTables = new Set(database.prepare("SELECT lower(name) AS name FROM sqlite_schema WHERE type IN ('table', 'view')").all().map((row) => String(row['name'])))

let refused = ''
database.setAuthorizer((action, first, second) => {
  if (action === constants.SQLITE_SELECT || action === constants.SQLITE_RECURSIVE) return constants.SQLITE_OK
  if (action === constants.SQLITE_READ && (first === null || ownTables.has(first.toLowerCase()) || !forbiddenTables.test(first))) return constants.SQLITE_OK
  if (action === constants.SQLITE_FUNCTION && !forbiddenFunctions.has((second ?? '').toLowerCase())) return constants.SQLITE_OK
  // Where no column is read, as in counting rows, its name is empty.
  refused = second || first || 'this statement'
  return constants.SQLITE_DENY
})

/** A whole number that no JavaScript number holds exactly stays a `bigint`; keys of 64 bits are such numbers. */
const cellOf = (value: unknown): unknown => (typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value)

const answer = (ask: Ask): Answer => {
  refused = ''
  try {
    const statement = database.prepare(ask.sql)
    statement.setReturnArrays(true)
    statement.setReadBigInts(true)
    const columns = statement.columns().map((column) => column.name)
    const rows: unknown[] = []
    for (const row of statement.iterate()) {
      if (rows.length === ask.maximumRows) return { id: ask.id, columns, rows, more: true }
      rows.push(Object.values(row).map(cellOf))
    }
    return { id: ask.id, columns, rows, more: false }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { id: ask.id, error: message, ...(refused === '' ? {} : { refused }) }
  }
}

process.on('message', (ask: Ask) => process.send?.(answer(ask)))
// Ctrl-C reaches every process of the terminal; when to end is for the parent to say.
process.on('SIGINT', () => undefined)
// When the parent is gone, so is the reason to be here.
process.on('disconnect', () => process.exit(0))
process.send?.({ id: 0, columns: [], rows: [], more: false } satisfies Answer)
