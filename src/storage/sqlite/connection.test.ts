import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { Connection } from './connection.ts'

const folder = mkdtempSync(join(tmpdir(), 'autodidact-connection-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// A power cut cannot be tested here; that SQLite was told to flush with every commit (2, FULL) or with checkpoints only (1, NORMAL) can.
test.each([['full', 2], ['normal', 1]] as const)('durability "%s" is what SQLite is told, on every connection', async (durability, synchronous) => {
  for (const time of ['first', 'second']) {
    const connection = await Connection.open(join(folder, `${durability}.db`), { durability })
    const pragma = (name: string): unknown => Object.values(connection.database.prepare(`PRAGMA ${name}`).get() ?? {})[0]
    expect([time, pragma('synchronous'), pragma('journal_mode'), pragma('secure_delete'), pragma('foreign_keys')]).toEqual([time, synchronous, 'wal', 1, 1])
    connection.close()
  }
})

test('what is read in one piece is of one state, though another connection writes between two statements', async () => {
  const path = join(folder, 'two.db')
  const [here, there] = [await Connection.open(path, { durability: 'normal' }), await Connection.open(path, { durability: 'normal' })]
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

/** Where no write-ahead log can be made, as in a folder that may only be read; but a link that leads nowhere stops root, too. */
const frozen = async (name: string) => {
  const path = join(folder, `${name}.db`)
  const first = await Connection.open(path, { durability: 'normal' })
  first.close()
  symlinkSync(join(folder, 'nowhere', 'log'), `${path}-wal`)
  const reader = await Connection.open(path, { durability: 'normal', readOnly: true })
  const write = (): void => {
    rmSync(`${path}-wal`)
    const writer = new DatabaseSync(path)
    writer.exec("INSERT INTO namespaces (name) VALUES ('new')")
    writer.close()
  }
  const count = (): unknown => reader.statement('SELECT count(*) AS names FROM namespaces').get()?.['names']
  onTestFinished(() => reader.close())
  return { reader, write, count }
}

describe('a file that is read without locks', () => {
  test('is read while nobody writes, and leaves nothing behind', async () => {
    const { reader, count } = await frozen('still')
    expect(await reader.read(count)).toBe(0)
    reader.close()
    expect(readdirSync(folder).filter((name) => name.startsWith('still'))).toEqual(['still.db', 'still.db-wal'])
  })

  test('gives no answer that somebody wrote into', async () => {
    const { reader, write, count } = await frozen('written')
    const answer = reader.read(() => {
      const before = count()
      write()
      return [before, count()]
    })
    await expect(answer).rejects.toMatchObject({ code: 'BUSY', message: expect.stringContaining('Open it again') })
  })

  test('is not called damaged because somebody wrote', async () => {
    const { reader, write } = await frozen('torn')
    const work = (): never => {
      write()
      throw Object.assign(new Error('database disk image is malformed'), { errcode: 11 })
    }
    await expect(reader.patiently(work)).rejects.toMatchObject({ code: 'BUSY' })
  })
})
