import type { Connection } from './connection.ts'
import { runInThread } from './thread.ts'

/** A file of so many bytes is written anew in some ten milliseconds; a larger one in a thread of its own, so that the process goes on meanwhile. */
const largestAtOnce = 4 * 1024 * 1024

/**
 * The copy that SQLite makes first holds everybody's text. Up to so many bytes it stays in memory; of a larger file it is a file without a name in the folder for
 * temporary files, whose blocks are given back in the end, but not overwritten.
 */
const largestInMemory = 64 * 1024 * 1024

type TemporaryStore = 'MEMORY' | 'FILE'

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
  const statements = `PRAGMA secure_delete = ON; PRAGMA temp_store = ${temporaryStore}; VACUUM`
  const answer = bytes > largestAtOnce ? await runInThread({ path: connection.path, readOnly: false, statements }) : undefined
  if (answer === undefined) await vacuumHere(connection, temporaryStore)
  else if (!answer.done) throw answer.error
}
