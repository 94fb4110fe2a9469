import { Worker } from 'node:worker_threads'
import type { Connection } from './connection.ts'

/** A file of so many bytes is written anew in some ten milliseconds; a larger one in a thread of its own, so that the process goes on meanwhile. */
const largestAtOnce = 4 * 1024 * 1024

/**
 * The copy that SQLite makes first holds everybody's text. Up to so many bytes it stays in memory; of a larger file it is a file without a name in the folder for
 * temporary files, whose blocks are given back in the end, but not overwritten.
 */
const largestInMemory = 64 * 1024 * 1024

/** How long the thread waits for other writers, in milliseconds. */
const busyLimitMs = 15_000

/** As text, because a bundler that packs the store into one file would leave a second one behind. */
const inThread = `
  const { parentPort, workerData } = require('node:worker_threads')
  const { DatabaseSync } = require('node:sqlite')
  try {
    const database = new DatabaseSync(workerData.path, { timeout: ${busyLimitMs}, allowExtension: false })
    try {
      database.exec('PRAGMA secure_delete = ON; PRAGMA temp_store = ' + workerData.temporaryStore + '; VACUUM')
    } finally {
      database.close()
    }
    parentPort.postMessage({ done: true })
  } catch (error) {
    parentPort.postMessage({ done: false, error })
  }`

/** What the thread says last. */
type Answer = { readonly done: true } | { readonly done: false; readonly error: unknown }

type TemporaryStore = 'MEMORY' | 'FILE'

/** @returns what became of it; undefined when no thread could be started, or it ended without a word */
const vacuumInThread = (path: string, temporaryStore: TemporaryStore): Promise<Answer | undefined> =>
  new Promise((resolve) => {
    let worker: Worker
    try {
      // None of the flags of this process: some (such as those of "node --eval") make a thread fail, and it needs none.
      worker = new Worker(inThread, { eval: true, execArgv: [], workerData: { path, temporaryStore } })
    } catch {
      resolve(undefined)
      return
    }
    worker.once('message', (answer: Answer) => resolve(answer))
    worker.once('error', () => resolve(undefined))
    worker.once('exit', () => resolve(undefined))
  })

/** In this process, which stands still meanwhile. */
const vacuumHere = async (connection: Connection, temporaryStore: TemporaryStore): Promise<void> => {
  await connection.patiently(() => {
    // Outside of a vacuum, what is temporary is small and stays in memory.
    connection.database.exec(`PRAGMA temp_store = ${temporaryStore}`)
    try {
      connection.database.exec('VACUUM')
    } finally {
      connection.database.exec('PRAGMA temp_store = MEMORY')
    }
  })
}

/**
 * Writes every page of the file anew. `secure_delete` overwrites what is deleted, but not the copies that SQLite left behind in the unused part of pages
 * when it moved rows between them before: of index keys that were deleted, one in 1,700 was still there.
 *
 * Others may read meanwhile, and wait to write: about 3 s per 100,000 runs. Where no thread may be started, such as under `--permission`, this process does it itself.
 *
 * @throws what SQLite throws, such as for a disk that is full
 */
export const rewriteFile = async (connection: Connection): Promise<void> => {
  const size = connection.database.prepare('SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()').get()
  const bytes = Number(size?.['bytes'])
  const temporaryStore = bytes > largestInMemory ? 'FILE' : 'MEMORY'
  const answer = bytes > largestAtOnce ? await vacuumInThread(connection.path, temporaryStore) : undefined
  if (answer === undefined) await vacuumHere(connection, temporaryStore)
  else if (!answer.done) throw answer.error
}
