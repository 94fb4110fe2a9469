import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Connection } from './connection.ts'

const folder = mkdtempSync(join(tmpdir(), 'autodidact-connection-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// A power cut cannot be tested here; that SQLite was told to flush with every commit (2, FULL) or with checkpoints only (1, NORMAL) can.
test.each([['full', 2], ['normal', 1]] as const)('durability "%s" is what SQLite is told, on every connection', async (durability, synchronous) => {
  for (const time of ['first', 'second']) {
    const connection = await Connection.open(join(folder, `${durability}.db`), durability)
    const pragma = (name: string): unknown => Object.values(connection.database.prepare(`PRAGMA ${name}`).get() ?? {})[0]
    expect([time, pragma('synchronous'), pragma('journal_mode'), pragma('secure_delete'), pragma('foreign_keys')]).toEqual([time, synchronous, 'wal', 1, 1])
    connection.close()
  }
})

test('what is read in one piece is of one state, though another connection writes between two statements', async () => {
  const path = join(folder, 'two.db')
  const [here, there] = [await Connection.open(path, 'normal'), await Connection.open(path, 'normal')]
  const count = (): unknown => here.statement('SELECT count(*) AS names FROM namespaces').get()?.['names']
  const counts = await here.read(() => {
    const before = count()
    there.database.exec("INSERT INTO namespaces (name) VALUES ('new')")
    return [before, count()]
  })
  expect([...counts, count()]).toEqual([0, 0, 1])
  here.close()
  there.close()
})
