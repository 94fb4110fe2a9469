import { Worker } from 'node:worker_threads'
import type { Connection } from './connection.ts'

/** A file of so many bytes is written anew in some ten milliseconds; a larger one in a thread of its own, so that the process goes on meanwhile. */
const largestAtOnce = 4 * 1024 * 1024

/** How long the thread waits for other writers, in milliseconds. */
const busyLimitMs = 15_000

/** As text, because a bundler that packs the store into one file would leave a second one behind. */
const inThread = `
  const { workerData } = require('node:worker_threads')
  const { DatabaseSync } = require('node:sqlite')
  const database = new DatabaseSync(workerData.path, { timeout: ${busyLimitMs}, allowExtension: false })
  try {
    database.exec('PRAGMA secure_delete = ON; VACUUM')
  } finally {
    database.close()
  }`

const vacuumInThread = (path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(inThread, { eval: true, workerData: { path } })
    worker.once('error', reject)
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`The thread that writes the file anew ended with code ${code}.`))))
  })

/**
 * Writes every page of the file anew. `secure_delete` overwrites what is deleted, but not the copies that SQLite left behind in the unused part of pages
 * when it moved rows between them before: of index keys that were deleted, one in 1,700 was still there.
 *
 * Others may read meanwhile, and wait to write: about 3 s per 100,000 runs.
 *
 * @throws what SQLite throws, such as for a disk that is full
 */
export const rewriteFile = async (connection: Connection): Promise<void> => {
  const size = connection.database.prepare('SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()').get()
  if (Number(size?.['bytes']) > largestAtOnce) await vacuumInThread(connection.path)
  else await connection.patiently(() => connection.database.exec('VACUUM'))
}
