import { rmSync } from 'node:fs'
import { DatabaseSync } from '../node-sqlite.ts'
import { placeOf } from './file.ts'
import { applicationId } from './migrations.ts'

/** A namespace has a row from its first write on, also when all of it was erased since, and from the first bookmark of whoever follows it. */
const unused = `
  SELECT (SELECT application_id FROM pragma_application_id) = ${applicationId} AND NOT EXISTS (SELECT 1 FROM namespaces) AS unused`

/**
 * Removes a file that nothing was written in, unless somebody else has it open. For whoever made it a moment ago.
 */
export const removeUnused = (given: string): void => {
  const path = placeOf(given)
  let database: DatabaseSync | undefined
  const isUnused = (): boolean => database?.prepare(unused).get()?.['unused'] === 1
  try {
    database = new DatabaseSync(path, { timeout: 0, allowExtension: false })
    if (!isUnused()) return
    // Only the last connection can give the write-ahead log up. Whoever opens the file from here on wants to begin one, and SQLite refuses that in a file that is gone.
    database.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE')
    if (isUnused()) rmSync(path)
  } catch {
    // Somebody else is at the file, or it cannot be removed while it is open: it stays, and holds nothing.
  } finally {
    database?.close()
  }
}
