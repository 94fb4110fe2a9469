import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { temporaryFile } from '../../test/support/instance.ts'
import { Autodidact, type AutodidactSettings, executionPatterns, runOutlines, stems, workflows } from '../index.ts'

const secret = 'The quixotropolitan ambassador said "never again" of quixotropolising in Llanfairpwll.'

/** A log in which Ada told a secret, beside what Grace did; open. */
const told = async (path: string, settings: AutodidactSettings = {}): Promise<Autodidact> => {
  const autodidact = await Autodidact.open(path, { seed: 1, learners: [executionPatterns, workflows, runOutlines], ...settings })
  for (let place = 0; place < 30; place += 1) {
    const user = place % 3 === 0 ? 'ada@example.org' : 'grace@example.org'
    const advice = await autodidact.advise(`Refund order ${place} of the customer`, { user, choices: { tool: ['lookup', 'search'] } })
    await autodidact.record({ advice, user, steps: [{ action: 'lookup', output: 'found' }], response: `refund(${place})`, success: place % 4 > 0 })
  }
  await autodidact.record({ run: 'told', task: secret, response: { said: [secret] }, takeaway: `${secret} ${'More of it. '.repeat(3_000)}`, user: 'ada@example.org', success: true })
  await autodidact.remember({ id: 'shared', content: 'Refund orders above one hundred euros only with a second signature.' })
  return autodidact
}

const peer = join(import.meta.dirname, '../../test/faults/support/peer-process.ts')

const planted = (path: string, work: (database: DatabaseSync) => void): void => {
  const database = new DatabaseSync(path, { timeout: 5_000 })
  work(database)
  database.close()
}

const plant = (path: string, value: string | Uint8Array): void => planted(path, (database) => {
  database.exec('CREATE TABLE IF NOT EXISTS stray (value)')
  database.prepare('INSERT INTO stray VALUES (?)').run(value)
})

describe('the scan of an erasure', () => {
  test('reads all files, and finds nothing where nothing is left', async () => {
    const path = temporaryFile()
    const autodidact = await told(path)
    const { status, scan, reason } = await autodidact.forget({ user: 'ada@example.org' })
    expect([status, reason]).toEqual(['proven', undefined])
    expect(scan).toMatchObject({ files: 3, found: 0 })
    expect(scan?.pieces).toBeGreaterThan(5)
    expect(scan?.bytes).toBeGreaterThan(readFileSync(path).length)
    await autodidact.close()
  })

  const leftovers: readonly (readonly [string, string | Uint8Array])[] = [
    ['a word in the middle of other text', 'xxx quixotropolitan xxx'],
    ['a word in capitals', 'QUIXOTROPOLITAN'],
    ['words in a row', 'ambassador said "never again"'],
    ['as JSON', JSON.stringify({ a: 'ambassador said "never again" in' })],
    ['as JSON in JSON', JSON.stringify(JSON.stringify('ambassador said "never again" in'))],
    ['the stem of a word', stems('quixotropolising').join('')],
  ]

  test.each(leftovers)('finds %s, and asking again after it is gone proves the erasure', async (_what, value) => {
    const path = temporaryFile()
    const autodidact = await told(path)
    plant(path, value)
    const first = await autodidact.forget({ run: 'told' })
    expect(first).toMatchObject({ status: 'pending', reason: expect.stringMatching(/^\d+ of \d+ pieces of the erased texts are still in the files/) })
    expect(first.scan?.found).toBeGreaterThan(0)
    expect((await autodidact.forget({ run: 'told' })).scan).toMatchObject({ pieces: first.scan?.pieces, found: first.scan?.found })
    planted(path, (database) => database.exec('DROP TABLE stray'))
    expect(await autodidact.forget({ run: 'told' })).toMatchObject({ facts: 0, status: 'proven', scan: { found: 0 } })
    expect(await autodidact.forget({ run: 'told' })).toEqual({ facts: 0, status: 'proven' })
    await autodidact.close()
  })

  test.each([
    ['a state that is compressed', (path: string) => planted(path, (database) =>
      database.prepare("INSERT INTO snapshots (namespace, learner, sequence, epoch, bytes, compression) VALUES (1, 'stray@1', 0, 0, ?, 'zstd')").run(zstdCompressSync(Buffer.from(`a ${secret} b`.repeat(10)))))],
    ['a long text that nobody refers to', (path: string) => planted(path, (database) => database.prepare("INSERT INTO blobs (namespace, hash, text) VALUES (1, 'stray', ?)").run(secret))],
    ['a file of SQLite beside', (path: string) => writeFileSync(`${path}-journal`, `xx${secret}`)],
  ])('finds what is left in %s', async (_what, leave) => {
    const path = temporaryFile()
    const autodidact = await told(path)
    // Before: such an erasure would have taken it along.
    leave(path)
    const { status, scan } = await autodidact.forget({ run: 'told' })
    expect(status).toBe('pending')
    expect(scan?.found).toBeGreaterThan(0)
    await autodidact.close()
  })

  test('takes no word for left over that others have, however common the words of the erased texts', async () => {
    const path = temporaryFile()
    const autodidact = await told(path)
    const folder = join(import.meta.dirname, '../../docs')
    for (const name of readdirSync(folder).filter((each) => each.endsWith('.md'))) {
      const text = readFileSync(join(folder, name), 'utf8')
      await autodidact.record({ task: text.slice(0, 400), steps: [{ action: 'read', output: text }], response: text, user: 'reader', success: true })
    }
    await autodidact.in('other').remember(`In another namespace somebody quotes it: ${readFileSync(join(folder, 'forget.md'), 'utf8')}`)
    const { status, scan, reason } = await autodidact.forget({ user: 'reader' })
    expect([status, reason, scan?.found]).toEqual(['proven', undefined, 0])
    expect(scan?.pieces).toBeGreaterThan(100)
    await autodidact.close()
  })

  test('of a whole namespace looks for what was there', async () => {
    const path = temporaryFile()
    const autodidact = await told(path)
    plant(path, secret)
    const { status, scan } = await autodidact.forget({ namespace: true })
    expect([status, (scan?.found ?? 0) > 0]).toEqual(['pending', true])
    await autodidact.close()
  })

  test('of a folder of text files reads all of it', async () => {
    const path = `${temporaryFile()}-folder`
    const autodidact = await told(path, { storage: 'files' })
    const { status, scan } = await autodidact.forget({ user: 'ada@example.org' })
    expect([status, scan?.found]).toEqual(['proven', 0])
    expect(scan?.files).toBeGreaterThan(1)
    await autodidact.record({ run: 'again', task: secret, user: 'ada@example.org', success: true })
    writeFileSync(join(path, 'copy.txt'), secret.toUpperCase())
    expect(await autodidact.forget({ run: 'again' })).toMatchObject({ status: 'pending' })
    await autodidact.close()
  })

  test('of an encrypted store looks at what can be read', async () => {
    const path = temporaryFile()
    const autodidact = await told(path, { encryption: { key: new Uint8Array(32).fill(7) } })
    expect(await autodidact.forget({ user: 'ada@example.org' })).toMatchObject({ status: 'proven', scan: { found: 0 } })
    await autodidact.record({ run: 'again', task: secret, success: true })
    plant(path, secret)
    expect((await autodidact.forget({ run: 'again' })).status).toBe('pending')
    await autodidact.close()
  })

  test('can be left out, and there is none where nothing outlives the process or nothing was erased', async () => {
    const path = temporaryFile()
    const autodidact = await told(path)
    expect(await autodidact.forget({ run: 'told' }, { scan: false })).toEqual({ facts: 1, status: 'proven' })
    expect(await autodidact.forget({ run: 'nowhere' })).toEqual({ facts: 0, status: 'proven' })
    await autodidact.close()
    const inMemory = await told(':memory:')
    expect(Object.keys(await inMemory.forget({ run: 'told' }))).toEqual(['facts', 'status'])
    await inMemory.close()
  })

  test('leaves the locks of this process alone: another one does not take the log for its own', async () => {
    const path = temporaryFile()
    const autodidact = await told(path)
    await autodidact.forget({ run: 'told' })
    const input = `${JSON.stringify(['record', { task: 'Refund order 99' }])}\n${JSON.stringify(['close'])}\n`
    expect(spawnSync(process.execPath, [peer, path, '{}'], { input }).status).toBe(0)
    // The last connection to close removes the write-ahead log; while this one is open, no other is the last.
    expect(existsSync(`${path}-wal`)).toBe(true)
    await autodidact.close()
  })
})
