import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { Autodidact } from '../../src/autodidact.ts'
import { seededRandom } from '../../src/decide/random.ts'
import { AutodidactError } from '../../src/errors.ts'
import { Peer } from './support/peer.ts'
import { codeOf, temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()

const open = (path: string): Promise<unknown> => Autodidact.open(path).then((autodidact) => autodidact.close())

/** A file of ours with some runs in it, closed. */
const filled = async (name: string): Promise<string> => {
  const path = join(folder, name)
  const autodidact = await Autodidact.open(path)
  for (let number = 0; number < 200; number += 1) {
    await autodidact.record({ run: `run-${number}`, task: `Count the orders of customer ${number}`, response: 'x'.repeat(500), success: true })
  }
  await autodidact.close()
  return path
}

const recalled = async (path: string) => {
  const autodidact = await Autodidact.open(path)
  try {
    return await autodidact.recall('Count the orders of customer 9')
  } finally {
    await autodidact.close()
  }
}

test.each(['file::memory:', 'file:agent.db?mode=memory', `file:${join(folder, 'address.db')}`])('the address %s is no path: it might keep nothing, or lie elsewhere', async (address) => {
  expect(await codeOf(open(address))).toBe('CANNOT_OPEN')
})

test('a relative path means the same file after the process has moved, also for an erasure that writes it anew', async () => {
  const home = process.cwd()
  const elsewhere = join(folder, 'elsewhere')
  mkdirSync(elsewhere)
  try {
    process.chdir(folder)
    const autodidact = await Autodidact.open('relative.db')
    for (let run = 0; run < 40; run += 1) await autodidact.record({ run: `r${run}`, task: 'task', response: `${'x'.repeat(150_000)}${run}` })
    process.chdir(elsewhere)
    expect(await autodidact.forget({ run: 'r1' })).toMatchObject({ status: 'proven' })
    await autodidact.close()
    expect(readdirSync(elsewhere)).toEqual([])
  } finally {
    process.chdir(home)
  }
})

describe('a file that is not ours is refused and not touched', () => {
  test.each([
    ['a text', 'Dear diary,\n'.repeat(1_000)],
    ['a short text', 'hi'],
    ['zeros', Buffer.alloc(8_192)],
    ['noise', Buffer.from(Uint8Array.from({ length: 8_192 }, (_, place) => (place * 7_919) % 251))],
  ])('%s', async (name, content) => {
    const path = join(folder, name)
    writeFileSync(path, content)
    expect(await codeOf(open(path))).toBe('NOT_A_DATABASE')
    expect(readFileSync(path).equals(Buffer.from(content))).toBe(true)
  })

  test.each([
    ['with a rollback journal', 'CREATE TABLE notes (text); INSERT INTO notes VALUES (1)'],
    ['with a write-ahead log', 'PRAGMA journal_mode = WAL; CREATE TABLE notes (text); INSERT INTO notes VALUES (1)'],
    ['marked and still empty', 'PRAGMA application_id = 77'],
    ['numbered and still empty', 'PRAGMA user_version = 1'],
  ])('a database of another program, %s', async (name, statements) => {
    const path = join(folder, `${name}.db`)
    const database = new DatabaseSync(path)
    database.exec(statements)
    database.close()
    const before = readFileSync(path)
    expect(await codeOf(open(path))).toBe('NOT_A_DATABASE')
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test('a database whose program was killed and left its write-ahead log', async () => {
    const [original, path] = [join(folder, 'original.db'), join(folder, 'left.db')]
    const database = new DatabaseSync(original)
    database.exec('PRAGMA journal_mode = WAL; CREATE TABLE notes (text); INSERT INTO notes VALUES (1)')
    copyFileSync(original, path)
    copyFileSync(`${original}-wal`, `${path}-wal`)
    database.close()
    const before = [readFileSync(path), readFileSync(`${path}-wal`)]
    expect(await codeOf(open(path))).toBe('NOT_A_DATABASE')
    expect([readFileSync(path), readFileSync(`${path}-wal`)]).toEqual(before)
  })

  test('one from a newer version', async () => {
    const path = await filled('newer.db')
    const database = new DatabaseSync(path)
    database.exec('PRAGMA user_version = 99')
    database.close()
    const before = readFileSync(path)
    expect(await codeOf(open(path))).toBe('NEWER_VERSION')
    expect(readFileSync(path).equals(before)).toBe(true)
  })
})

describe('a path that is no file', () => {
  test.each([
    ['a folder', folder],
    ['a device', '/dev/null'],
    ['nothing', ''],
    ['a zero byte in it', join(folder, 'a\0b')],
    ['in a folder that is not there', join(folder, 'missing', 'agent.db')],
  ])('%s', async (_name, path) => {
    expect(await codeOf(open(path))).toBe('CANNOT_OPEN')
  })

  test('an empty file becomes a store', async () => {
    const path = join(folder, 'empty.db')
    writeFileSync(path, '')
    await open(path)
    expect(readFileSync(path).length).toBeGreaterThan(0)
  })
})

describe('a damaged file', () => {
  test('says that it is damaged', async () => {
    const path = await filled('damaged.db')
    const content = readFileSync(path)
    content.fill(0x5a, 4_096)
    writeFileSync(path, content)
    expect(await codeOf(open(path))).toBe('CORRUPT')
  })

  test('does not pass for one that knows nothing, whichever page of an index lost its entries', async () => {
    const path = await filled('indexed.db')
    const { items } = await recalled(path)
    expect(items).not.toEqual([])
    const database = new DatabaseSync(path)
    const pages = database.prepare("SELECT pageno, name FROM dbstat WHERE name GLOB 'sqlite_autoindex_namespaces*' OR name IN ('facts_by_run', 'items') ORDER BY pageno").all()
    const pageSize = Number(database.prepare('PRAGMA page_size').get()?.['page_size'])
    database.close()
    const whole = readFileSync(path)
    const codes = new Map<string, string | undefined>()
    for (const { pageno, name } of pages) {
      const content = Buffer.from(whole)
      // The page says still how many entries it has; where they are, there is nothing.
      content.fill(0, (Number(pageno) - 1) * pageSize + 8, Number(pageno) * pageSize)
      const copy = join(folder, 'without entries.db')
      writeFileSync(copy, content)
      const outcome = await recalled(copy).then((found) => (found.items.length === items.length ? 'whole' : 'less'), (error: unknown) => (AutodidactError.is(error) ? error.code : String(error)))
      codes.set(`${String(name)}: ${outcome}`, outcome)
    }
    expect([...codes.keys()].filter((code) => code.endsWith('less'))).toEqual([])
    expect([...codes.keys()]).toEqual(expect.arrayContaining(['sqlite_autoindex_namespaces_1: CORRUPT', 'facts_by_run: CORRUPT', 'items: CORRUPT']))
  })

  test('never lets an error through that is not ours, whatever byte is wrong, and advise goes on', async () => {
    const path = await filled('some bytes.db')
    const whole = readFileSync(path)
    const codes: (string | undefined)[] = []
    for (let seed = 0; seed < 25; seed += 1) {
      const random = seededRandom(seed)
      const content = Buffer.from(whole)
      for (let flip = 0; flip < 400; flip += 1) content[100 + Math.floor(random() * (content.length - 100))] = Math.floor(random() * 256)
      const copy = join(folder, `some bytes ${seed}.db`)
      writeFileSync(copy, content)
      const opened = await Autodidact.open(copy).catch((error: unknown) => error)
      if (!(opened instanceof Autodidact)) {
        codes.push(await codeOf(Promise.reject(opened)))
        continue
      }
      codes.push(
        await codeOf(opened.record({ run: 'run-new', task: 'Count the orders of customer 5', success: true })),
        await codeOf(opened.record({ run: 'run-7', task: 'Count the orders of customer 7', success: true })),
        await codeOf(opened.recall('Count the orders of customer 9')),
        await codeOf(opened.feedback('run-9', 'down')),
        await codeOf(opened.forget({ run: 'run-11' })),
      )
      const advice = await opened.advise('Count the orders of customer 3', { choices: { tool: ['a', 'b'] } })
      expect(['a', 'b']).toContain(advice.choose['tool'])
      if (!advice.logged) codes.push(advice.warnings[0]?.code)
      await codeOf(opened.close())
    }
    expect(codes).toContain('CORRUPT')
  })
})

test('processes that create the same file at the same time share it', async () => {
  for (let round = 0; round < 2; round += 1) {
    const path = join(folder, `shared ${round}.db`)
    const peers = await Promise.all(Array.from({ length: 4 }, () => Peer.open(path)))
    expect(peers.map(({ opened }) => opened.code)).toEqual([undefined, undefined, undefined, undefined])
    await Promise.all(peers.map(({ peer }, place) => peer.call('record', { run: `run-${place}`, task: `Task ${place}`, success: true })))
    await Promise.all(peers.map(({ peer }) => peer.end()))
    const found = execFileSync(process.execPath, ['-e', countRuns, path], { encoding: 'utf8' })
    expect(Number(found)).toBe(4)
  }
})

test('a process that is killed while it creates the file leaves none, an empty one, or a whole one', async () => {
  for (let delay = 0; delay < 12; delay += 1) {
    const path = join(folder, `killed ${delay}.db`)
    await Peer.killedCreating(path, delay)
    const autodidact = await Autodidact.open(path)
    expect(await autodidact.record({ run: 'r', task: 'Task', success: true })).toMatchObject({ status: 'stored' })
    await autodidact.close()
  }
})

const countRuns = `
  const { DatabaseSync } = require('node:sqlite')
  console.log(new DatabaseSync(process.argv[1]).prepare('SELECT count(*) AS runs FROM facts').get().runs)`
