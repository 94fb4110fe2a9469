import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Progress } from './bench.ts'
import { measure } from './measure.ts'
import type { Timing } from './measure.ts'

/** What bare `node:sqlite` does on this machine: a table of id and payload, write-ahead log, one prepared statement, nothing else. */
export interface SqliteBaseline {
  /** A transaction that inserts one row, at `synchronous = NORMAL` (survives the death of the process). */
  readonly insert: Timing
  /** The same at `synchronous = FULL` (also survives power loss). */
  readonly insertFull: Timing
  /** A transaction of 100 inserted rows at NORMAL; durations are of the whole transaction. */
  readonly insertHundred: Timing
  /** One row by its primary key. */
  readonly read: Timing
}

/** How much to measure. */
export interface SqliteBaselineSize {
  /** Calls per figure. */
  readonly calls: number
  /** Characters of a row's payload. */
  readonly payload: number
  readonly progress?: Progress
}

/** Measures the figures that the speed of Autodidact is reported beside, in a temporary file that is gone afterwards. */
export const sqliteBaseline = async ({ calls, payload, progress }: SqliteBaselineSize): Promise<SqliteBaseline> => {
  const folder = mkdtempSync(join(tmpdir(), 'autodidact-bench-'))
  const database = new DatabaseSync(join(folder, 'baseline.db'))
  try {
    database.exec('PRAGMA journal_mode = WAL; CREATE TABLE facts (id INTEGER PRIMARY KEY AUTOINCREMENT, payload TEXT NOT NULL) STRICT')
    const insertRow = database.prepare('INSERT INTO facts (payload) VALUES (?)')
    const readRow = database.prepare('SELECT payload FROM facts WHERE id = ?')
    const row = 'x'.repeat(payload)
    const size = progress ? { calls, progress } : { calls }

    const insert = (): void => {
      database.exec('BEGIN IMMEDIATE')
      insertRow.run(row)
      database.exec('COMMIT')
    }
    const insertHundred = (): void => {
      database.exec('BEGIN IMMEDIATE')
      for (let index = 0; index < 100; index += 1) insertRow.run(row)
      database.exec('COMMIT')
    }

    database.exec('PRAGMA synchronous = NORMAL')
    progress?.start(calls, 'insert, NORMAL')
    const normal = await measure(insert, size)
    progress?.start(calls, 'read')
    // A step that shares no factor with the number of rows visits them in scattered order.
    const read = await measure((index) => readRow.get(1 + ((index * 7919) % calls)), size)
    const batches = Math.max(10, Math.ceil(calls / 100))
    progress?.start(batches, 'insert 100, NORMAL')
    const hundred = await measure(insertHundred, { ...size, calls: batches })
    database.exec('PRAGMA synchronous = FULL')
    progress?.start(calls, 'insert, FULL')
    const full = await measure(insert, size)
    return { insert: normal, insertFull: full, insertHundred: hundred, read }
  } finally {
    database.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
