import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AutodidactError } from '../../errors.ts'
import { DatabaseSync } from '../node-sqlite.ts'
import { isBusy } from './errors.ts'

/** How long a writer that is just closing is waited for, in milliseconds. */
const patienceMs = 2_000

/**
 * The right to write to a folder, which one process has at a time.
 *
 * It is a lock of the operating system on the empty file `lock`, taken through SQLite because Node has no call for it. Such a lock ends with its process, however
 * that ends; so there is no stale lock, and nobody ever has to judge whether a writer is still alive.
 */
export class Lock {
  readonly #database: DatabaseSync

  private constructor(database: DatabaseSync) {
    this.#database = database
  }

  /** @throws AutodidactError `BUSY` while another process, or another store of this one, writes to the folder */
  static async acquire(folder: string): Promise<Lock> {
    const start = performance.now()
    for (;;) {
      const database = new DatabaseSync(join(folder, 'lock'), { timeout: 0, allowExtension: false })
      try {
        // Nothing is written in this transaction, and it never ends; a journal would only lie beside the lock.
        database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
        return new Lock(database)
      } catch (error) {
        database.close()
        if (!isBusy(error)) throw error
        if (performance.now() - start > patienceMs) throw held(folder, error)
      }
      await sleep(10 + Math.random() * 40)
    }
  }

  release(): void {
    if (this.#database.isOpen) this.#database.close()
  }
}

const held = (folder: string, cause: unknown): AutodidactError => {
  const next = 'Such a folder has one writer at a time: close the other one, open this for reading (readOnly: true), or keep the experience in one SQLite file.'
  return new AutodidactError('BUSY', `${folder} is open for writing already, in another process or in this one. ${next}`, { cause })
}
