import { execFileSync } from 'node:child_process'
import { DatabaseSync } from 'node:sqlite'
import { zstdDecompressSync } from 'node:zlib'

/** Another process reads the files: were this one to close them, it would lose the locks that SQLite has on them. */
const bytesOf = (paths: readonly string[]): Buffer => {
  const program = "const { readFileSync } = require('node:fs'); for (const path of process.argv.slice(1)) try { process.stdout.write(readFileSync(path)) } catch (error) { if (error.code !== 'ENOENT') throw error }"
  return execFileSync(process.execPath, ['--eval', program, ...paths], { maxBuffer: 1 << 30 })
}

/** What lies in the file in another form: states of learners, long texts, the words of the index. */
const unpacked = (path: string): Buffer => {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 })
  try {
    const states = database.prepare('SELECT bytes, compression FROM snapshots').all().map(({ bytes, compression }) => {
      if (!(bytes instanceof Uint8Array)) throw new Error('A state of a learner is no bytes.')
      return compression === null ? Buffer.from(bytes) : zstdDecompressSync(bytes)
    })
    const texts = database.prepare('SELECT text FROM blobs').all().map(({ text }) => Buffer.from(String(text)))
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE name GLOB 'text_*_words'").all()
    const terms = tables.flatMap(({ name }) => database.prepare(`SELECT term FROM ${String(name)}`).all().map(({ term }) => Buffer.from(String(term))))
    return Buffer.concat([...states, ...texts, ...terms].flatMap((each) => [each, Buffer.of(0)]))
  } finally {
    database.close()
  }
}

const occurrences = (text: string, wanted: string): number => text.split(wanted).length - 1

/**
 * How often any of some texts stands in a database, in any case: in its files, in the states of learners after decompression, in long texts and among the words of the index. Knows nothing of how
 * the library looks for left-over text.
 */
export const residueOf = (path: string, wanted: readonly string[]): number => {
  const text = Buffer.concat([bytesOf(['', '-wal', '-shm', '-journal'].map((suffix) => `${path}${suffix}`)), unpacked(path)]).toString('utf8').toLowerCase()
  return wanted.reduce((sum, each) => sum + occurrences(text, each.toLowerCase()), 0)
}
