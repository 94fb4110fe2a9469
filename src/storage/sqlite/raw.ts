import { existsSync } from 'node:fs'
import { decrypted } from '../../encryption/cipher.ts'
import { nextTurn } from '../../next-turn.ts'
import type { RawBytes } from '../storage.ts'
import { expanded } from '../compression.ts'
import type { Connection } from './connection.ts'
import { spaceOf } from './encryption.ts'
import { readElsewhere } from './read-elsewhere.ts'
import { placeOf } from './snapshots.ts'

/** What SQLite writes beside a database. */
const suffixes = ['', '-wal', '-shm', '-journal']

const termsAtOnce = 5_000

/** The files of a database as they are, then what lies in them in another form: states of learners, long texts, and the words of the index, of which a page holds only what differs. */
export async function* rawBytes(connection: Connection): AsyncGenerator<RawBytes, void, undefined> {
  const files = suffixes.map((suffix) => `${connection.path}${suffix}`).filter((path) => existsSync(path))
  const chunks = readElsewhere(files)
  if (chunks !== undefined) yield { files: files.length, chunks }
  yield { files: 0, chunks: statesOf(connection) }
  yield { files: 0, chunks: blobsOf(connection) }
  yield { files: 0, chunks: wordsOf(connection) }
}

async function* statesOf(connection: Connection): AsyncGenerator<Uint8Array, void, undefined> {
  const keys = await connection.patiently(() => connection.statement('SELECT namespace, learner FROM snapshots').all())
  for (const { namespace, learner } of keys) {
    const bytes = await stateOf(connection, Number(namespace), String(learner))
    if (bytes !== undefined) yield bytes
    await nextTurn()
  }
}

const stateOf = async (connection: Connection, namespace: number, learner: string): Promise<Uint8Array | undefined> => {
  const text = 'SELECT bytes, compression FROM snapshots WHERE namespace = ? AND learner = ?'
  const row = await connection.patiently(() => connection.statement(text).get(namespace, learner))
  if (!(row?.['bytes'] instanceof Uint8Array)) return undefined
  const written = decrypted(connection.cipher, spaceOf(namespace), placeOf(learner), row['bytes'])
  return written === undefined ? undefined : expanded(row['compression'], written)
}

/** A long text lies on many pages, with the number of the next one between. */
async function* blobsOf(connection: Connection): AsyncGenerator<Uint8Array, void, undefined> {
  // What is encrypted can be decrypted under its own hash alone, and the row has only a fingerprint of that: the bytes of the file are all there is.
  if (connection.cipher.encrypts) return
  const keys = await connection.patiently(() => connection.statement('SELECT rowid AS place FROM blobs').all())
  for (const { place } of keys) {
    const row = await connection.patiently(() => connection.statement('SELECT text FROM blobs WHERE rowid = ?').get(Number(place)))
    if (row !== undefined) yield Buffer.from(String(row['text']))
    await nextTurn()
  }
}

async function* wordsOf(connection: Connection): AsyncGenerator<Uint8Array, void, undefined> {
  const tables = await connection.patiently(() => connection.database.prepare("SELECT name FROM sqlite_schema WHERE name GLOB 'text_*_words'").all())
  for (const { name } of tables) {
    for (let last = ''; ; ) {
      const rows = await connection.patiently(() => connection.database.prepare(`SELECT term FROM ${String(name)} WHERE term > ? ORDER BY term LIMIT ${termsAtOnce}`).all(last))
      if (rows.length === 0) break
      yield Buffer.from(`${rows.map(({ term }) => String(term)).join('\n')}\n`)
      last = String(rows.at(-1)?.['term'])
      await nextTurn()
    }
  }
}

/** Names of fields in what learners keep: `"uses":`. A key that somebody's text became has spaces, or is longer. */
const fieldName = /"([A-Za-z]\w{0,39})":/g

/** What a row of the index says of its item. */
const standings = 'episode knowledge success failure unverified superseded'

/** What stands in a database whatever facts there are, and the ids of what was erased. */
export async function* ownTexts(connection: Connection): AsyncGenerator<string, void, undefined> {
  yield standings
  const texts = [
    "SELECT coalesce(sql, '') FROM sqlite_schema",
    'SELECT name FROM namespaces',
    'SELECT name FROM leases',
    "SELECT learner || ' ' || view FROM published_rows",
    'SELECT learner FROM saved_versions',
    'SELECT learner FROM snapshots',
    "SELECT id || ' ' || kind FROM tombstones",
  ]
  for (const text of texts) {
    const rows = await connection.patiently(() => connection.rows(text))
    for (let start = 0; start < rows.length; start += termsAtOnce) {
      yield rows.slice(start, start + termsAtOnce).join('\n')
      await nextTurn()
    }
  }
  for await (const bytes of statesOf(connection)) {
    yield Array.from(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1').matchAll(fieldName), ([, field]) => field).join('\n')
  }
}
