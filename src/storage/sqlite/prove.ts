import { setTimeout as sleep } from 'node:timers/promises'
import { AutodidactError } from '../../errors.ts'
import type { ErasureReceipt } from '../storage.ts'
import type { Connection } from './connection.ts'
import { rewriteFile } from './rewrite.ts'

/** An erasure tries so often to empty the write-ahead log, with growing pauses that make up about a second, before it answers `pending`. */
const truncations = 12

type Proof = Pick<ErasureReceipt, 'status' | 'reason'>

/**
 * Writes a file anew from which something was erased, and empties its write-ahead log. The erasure itself is committed by now, so whatever goes wrong here is `pending` and not an
 * error.
 */
export const proveErased = async (connection: Connection): Promise<Proof> => {
  try {
    const text = 'SELECT max(number) AS last FROM unproven_erasures'
    const erasures = await connection.patiently(() => Number(connection.statement(text).get()?.['last'] ?? 0))
    if (erasures > 0) {
      await rewriteFile(connection)
      await connection.write(() => connection.statement('DELETE FROM unproven_erasures WHERE number <= ?').run(erasures))
    }
  } catch (error) {
    return { status: 'pending', reason: `The file could not be written anew: ${causeOf(error)}.` }
  }
  return truncateLog(connection)
}

/** The old pages lie in the write-ahead log until it is emptied, which a reader or writer elsewhere can delay. */
export const truncateLog = async (connection: Connection): Promise<Proof> => {
  let reason = ''
  for (let attempt = 0; attempt < truncations; attempt += 1) {
    if (attempt > 0) await sleep(Math.random() * 30 * attempt)
    try {
      if (connection.database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 0) return { status: 'proven' }
      reason = 'Another connection still reads the old text.'
    } catch (error) {
      // A full disk or a closed connection; the next attempt, or the next erasure, may get further.
      reason = `The write-ahead log could not be emptied: ${causeOf(error)}.`
    }
  }
  return { status: 'pending', reason }
}

/** In the words of SQLite where it has some: an error of ours says what to do about a write, and there was none. */
const causeOf = (error: unknown): string => {
  const cause = AutodidactError.is(error) ? (error.cause ?? error) : error
  return cause instanceof Error ? cause.message : String(cause)
}
