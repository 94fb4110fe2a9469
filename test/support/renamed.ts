import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { readStream } from '../../src/cli/demo/stream.ts'
import { seededRandom, shuffled } from '../../src/index.ts'

/** The tables of a database and their columns, in the order of the schema, in lower case. */
export const namesIn = (path: string): ReadonlyMap<string, readonly string[]> => {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite^_%' ESCAPE '^'").all()
    const columns = database.prepare('SELECT name FROM pragma_table_info(?)')
    return new Map(tables.map(({ name }) => [String(name).toLowerCase(), columns.all(String(name)).map((column) => String(column['name']).toLowerCase())]))
  } finally {
    database.close()
  }
}

/** The words of a query outside of its quoted texts, looked up. */
const respelled = (query: string, names: ReadonlyMap<string, string>): string =>
  query.replaceAll(/'(?:[^']|'')*'|\w+/g, (piece) => names.get(piece.toLowerCase()) ?? piece)

/**
 * Copies a folder with a database and questions, with every table and column under a name that says nothing, and the right queries spelled
 * accordingly. The alphabetical order of the names is another one, too.
 */
export const copyRenamed = (from: string, to: string): void => {
  mkdirSync(to)
  const path = join(to, 'database.sqlite')
  copyFileSync(join(from, 'database.sqlite'), path)
  const tables = namesIn(path)
  const known = new Set([...tables.keys(), ...[...tables.values()].flat()])
  const names = new Map(shuffled([...known], seededRandom(1)).map((name, place) => [name, `x${place}q`]))
  const database = new DatabaseSync(path)
  for (const [table, columns] of tables) {
    for (const column of columns) database.exec(`ALTER TABLE "${table}" RENAME COLUMN "${column}" TO ${names.get(column)}`)
    database.exec(`ALTER TABLE "${table}" RENAME TO ${names.get(table)}`)
  }
  database.close()
  const lines = readStream(from).questions.map(({ question, sql }) => JSON.stringify({ question, sql: sql === null ? null : respelled(sql, names) }))
  writeFileSync(join(to, 'questions.jsonl'), lines.join('\n'))
}
