import { Worker } from 'node:worker_threads'

/** Work on a file that takes long, for a thread of its own. */
export interface ThreadWork {
  readonly path: string
  readonly readOnly: boolean
  /** Run first. */
  readonly statements: string
  /** Asked then; what it gives is the answer. */
  readonly query?: string
}

/** What the thread says last. */
export type Answer = { readonly done: true; readonly rows: readonly Readonly<Record<string, unknown>>[] } | { readonly done: false; readonly error: unknown }

/** How long the thread waits for other writers, in milliseconds. */
const busyLimitMs = 15_000

/** As text, because a bundler that packs the store into one file would leave a second one behind. */
const inThread = `
  const { parentPort, workerData } = require('node:worker_threads')
  const { DatabaseSync } = require('node:sqlite')
  const { path, readOnly, statements, query } = workerData
  try {
    const database = new DatabaseSync(path, { readOnly, timeout: ${busyLimitMs}, allowExtension: false })
    let rows = []
    try {
      database.exec(statements)
      if (query !== undefined) rows = database.prepare(query).all().map((row) => ({ ...row }))
    } finally {
      database.close()
    }
    parentPort.postMessage({ done: true, rows })
  } catch (error) {
    parentPort.postMessage({ done: false, error })
  }`

/** @returns what became of it; undefined when no thread could be started, or it ended without a word */
export const runInThread = (work: ThreadWork): Promise<Answer | undefined> =>
  new Promise((resolve) => {
    let worker: Worker
    try {
      // None of the flags of this process: some (such as those of "node --eval") make a thread fail, and it needs none.
      worker = new Worker(inThread, { eval: true, execArgv: [], workerData: work })
    } catch {
      resolve(undefined)
      return
    }
    worker.once('message', (answer: Answer) => resolve(answer))
    worker.once('error', () => resolve(undefined))
    worker.once('exit', () => resolve(undefined))
  })
