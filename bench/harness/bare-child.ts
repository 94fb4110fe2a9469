import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { work } from './child.ts'
import { Corpus } from './corpus.ts'
import { measure } from './measure.ts'

/** What a child measures of bare `node:sqlite`, beside the same of the product, in a process of its own like that. */
const bareTask = z.object({
  mode: z.enum(['search', 'open', 'read']),
  /** A log that the product has written. */
  file: z.string(),
  /** Rows to search, or 0. */
  rows: z.number(),
  calls: z.number(),
})

export type BareTask = z.infer<typeof bareTask>

/** The ten best of a full-text table by BM25, for all words of a text of the same kind as `recall` is given. */
const search = async ({ rows, calls }: BareTask, advance: () => void) => {
  const folder = mkdtempSync(join(tmpdir(), 'autodidact-bare-'))
  const database = new DatabaseSync(join(folder, 'bare.db'))
  try {
    const corpus = new Corpus(2)
    database.exec("PRAGMA journal_mode = WAL; CREATE VIRTUAL TABLE texts USING fts5(text, tokenize = 'porter unicode61'); BEGIN")
    const insert = database.prepare('INSERT INTO texts (text) VALUES (?)')
    for (let row = 0; row < rows; row += 1) insert.run(`${corpus.text(8, 40)}\n${corpus.text(8, 16)}`)
    database.exec('COMMIT')
    const best = database.prepare('SELECT rowid, text FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT 10')
    const queries = Array.from({ length: 500 }, () => corpus.text(8, 40).split(' ').map((word) => `"${word}"`).join(' OR '))
    return await measure((place) => best.all(queries[place % queries.length] ?? ''), { calls, progress: { start: () => undefined, advance } })
  } finally {
    database.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** From the path to the last row of the log. */
const open = ({ file }: BareTask) => {
  const start = performance.now()
  const database = new DatabaseSync(file)
  database.prepare('SELECT data FROM facts ORDER BY sequence DESC LIMIT 1').get()
  const openMs = performance.now() - start
  database.close()
  return { openMs }
}

/** Every row of the log, in pages, its data parsed: what no fold of it can be faster than. */
const read = ({ file }: BareTask) => {
  const database = new DatabaseSync(file)
  const page = database.prepare('SELECT sequence, id, kind, run, data FROM facts WHERE sequence > ? ORDER BY sequence LIMIT 500')
  const start = performance.now()
  let last: unknown = 0
  for (;;) {
    const rows = page.all(Number(last))
    for (const { data } of rows) JSON.parse(String(data))
    if (rows.length < 500) break
    last = rows.at(-1)?.['sequence']
  }
  const readMs = performance.now() - start
  database.close()
  return { readMs }
}

await work(async (given, advance) => {
  const task = bareTask.parse(given)
  if (task.mode === 'search') return search(task, advance)
  return task.mode === 'open' ? open(task) : read(task)
})
