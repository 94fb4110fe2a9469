import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Autodidact } from '../../src/autodidact.ts'
import { autodidact as command, jsonOf } from '../support/command-line.ts'
import { codeOfOpening, Peer } from './support/peer.ts'
import { codeOf, temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
const task = 'Count the orders of last month'
const tools = ['search', 'calendar']

/** Permissions do not bind root, so another process, which is bound, tries as nobody. */
const nobody = process.getuid?.() === 0 ? 65_534 : undefined

let advised = ''
const filled = join(folder, 'filled.db')

beforeAll(async () => {
  chmodSync(folder, 0o755)
  // Compiled code where nobody may keep it, too: each process loads it again otherwise.
  mkdirSync(join(folder, 'compiled'))
  chmodSync(join(folder, 'compiled'), 0o777)
  vi.stubEnv('NODE_COMPILE_CACHE', join(folder, 'compiled'))
  const autodidact = await Autodidact.open(filled, { seed: 1 })
  await autodidact.record({ run: 'r1', task, response: '42', success: true })
  advised = (await autodidact.advise(task)).id
  await autodidact.close()
})

afterAll(() => void vi.unstubAllEnvs())

/** A copy in a folder of its own, with these rights. */
const placed = (name: string, file: number, inside: number): string => {
  const path = join(folder, name, 'agent.db')
  mkdirSync(join(folder, name))
  copyFileSync(filled, path)
  chmodSync(path, file)
  chmodSync(join(folder, name), inside)
  return path
}

const places: readonly (readonly [string, number, number])[] = [
  ['a file that may only be read', 0o444, 0o777],
  ['a folder that may only be read', 0o666, 0o555],
  ['a file and a folder that may only be read', 0o444, 0o555],
]

describe.each(places)('%s', (name, file, inside) => {
  test('gives what is in it, and refuses what would write', async () => {
    const path = placed(name, file, inside)
    const before = readFileSync(path)
    const { peer, opened } = await Peer.open(path, nobody)
    expect(opened).toEqual({ result: null })
    expect((await peer.call('recall', task)).result?.items).toMatchObject([{ id: 'r1', response: '42' }])
    expect((await peer.call('report')).result).toMatchObject({ runs: 1, storage: { failedSnapshots: 0 } })
    expect((await peer.call('explain', advised)).result).toMatchObject({ recalled: [{ id: 'r1' }] })
    expect((await peer.exported()).result).toEqual(['run.recorded', 'advice.given'])
    const next = { code: 'READ_ONLY', message: expect.stringContaining('Give this user the right to write') }
    expect(await peer.call('record', { task, success: true })).toEqual(next)
    expect(await peer.call('feedback', 'r1', 'down')).toEqual(next)
    expect(await peer.call('remember', 'Orders lie in the table of orders')).toEqual(next)
    expect(await peer.call('forget', { run: 'r1' })).toEqual(next)
    expect(await peer.call('forget', { namespace: true })).toEqual(next)
    await peer.end()
    expect(readFileSync(path).equals(before)).toBe(true)
    // Files beside it would shut out whoever may write later.
    expect(readdirSync(join(folder, name))).toEqual(['agent.db'])
  })

  test('makes advise and decide fall back, with a warning', async () => {
    const { peer } = await Peer.open(join(folder, name, 'agent.db'), nobody)
    const { result: advice } = await peer.call('advise', task, { choices: { tool: tools } })
    expect(advice).toMatchObject({ items: [], prompt: '', logged: false, warnings: [{ code: 'READ_ONLY' }] })
    expect(tools).toContain(advice?.choose['tool'])
    expect((await peer.call('decide', 'tool', tools)).result).toMatchObject({ propensity: 0.5, logged: false, warnings: [{ code: 'READ_ONLY' }] })
    await peer.end()
  })

  test('can be read on the command line, and not written to', async () => {
    const given = ['--file', join(folder, name, 'agent.db'), '--json']
    const run = (...args: string[]) => command([...args, ...given], { cwd: folder, ...(nobody === undefined ? {} : { user: nobody }) })
    expect(jsonOf(await run('recall', task))['items']).toMatchObject([{ id: 'r1' }])
    expect(jsonOf(await run('report'))).toMatchObject({ runs: 1 })
    expect(jsonOf(await run('explain', advised))).toMatchObject({ recalled: [{ id: 'r1' }] })
    expect((await run('export')).stdout.trimEnd().split('\n')).toHaveLength(2)
    const refused = await run('record', task, '--success')
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: 'READ_ONLY' } })
    expect(await run('advise', task)).toMatchObject({ code: 0, stderr: expect.stringContaining('Warning READ_ONLY') })
  })
})

test('where this user may write again, it does', async () => {
  const path = placed('freed', 0o444, 0o777)
  expect(await codeOfOpening(path, nobody)).toBe(undefined)
  chmodSync(path, 0o666)
  const { peer } = await Peer.open(path, nobody)
  expect((await peer.call('record', { task, success: true })).result).toMatchObject({ status: 'stored' })
  await peer.end()
})

test('no file can be made in a folder that may only be read', async () => {
  mkdirSync(join(folder, 'closed'), { mode: 0o555 })
  expect(await codeOfOpening(join(folder, 'closed', 'new.db'), nobody)).toBe('CANNOT_OPEN')
  expect(readdirSync(join(folder, 'closed'))).toEqual([])
})

test.each([
  ['a text', 'Dear diary,\n'.repeat(1_000), 'NOT_A_DATABASE'],
  ['nothing', '', 'READ_ONLY'],
])('a file that may only be read and holds %s is told so', async (name, content, code) => {
  const path = placed(name, 0o666, 0o777)
  writeFileSync(path, content)
  chmodSync(path, 0o444)
  expect(await codeOfOpening(path, nobody)).toBe(code)
})

test('a file that may not even be read cannot be opened', async () => {
  expect(await codeOfOpening(placed('secret', 0o000, 0o777), nobody)).toBe('CANNOT_OPEN')
})

test('acknowledged writes that stand in a write-ahead log which cannot be read there are not passed over', async () => {
  // A process that was killed leaves its log behind; the index beside it may be gone with a restart of the machine.
  const writer = await Autodidact.open(join(folder, 'killed.db'))
  await writer.record({ run: 'r2', task, success: true })
  const path = placed('left', 0o644, 0o777)
  copyFileSync(join(folder, 'killed.db'), path)
  copyFileSync(join(folder, 'killed.db-wal'), `${path}-wal`)
  await writer.close()
  chmodSync(join(folder, 'left'), 0o555)
  const { peer, opened } = await Peer.open(path, nobody)
  expect(opened).toMatchObject({ code: 'READ_ONLY', message: expect.stringContaining('write-ahead log') })
  await peer.end()
})

test('through a link, too, what a writer has confirmed is seen', async () => {
  const path = placed('linked', 0o644, 0o755)
  const link = join(folder, 'link.db')
  symlinkSync(path, link)
  const writer = await Autodidact.open(path)
  await writer.record({ run: 'r2', task, response: '43', success: true })
  const { peer } = await Peer.open(link, nobody)
  expect((await peer.call('recall', task)).result?.items).toHaveLength(2)
  await peer.end()
  await writer.close()
})

test('a writer that this user cannot see is noticed before its reader is told half of a change', async () => {
  const path = placed('unseen', 0o644, 0o555)
  const { peer } = await Peer.open(path, nobody)
  expect((await peer.call('recall', task)).result?.items).toHaveLength(1)
  chmodSync(join(folder, 'unseen'), 0o755)
  const writer = await Autodidact.open(path)
  await writer.forget({ run: 'r1' })
  await writer.close()
  expect(await peer.call('recall', task)).toMatchObject({ code: 'BUSY', message: expect.stringContaining('Open it again') })
  await peer.end()
  chmodSync(join(folder, 'unseen'), 0o555)
  const { peer: again } = await Peer.open(path, nobody)
  expect((await again.call('recall', task)).result?.items).toEqual([])
  await again.end()
})

describe('the setting readOnly', () => {
  test('opens a file for reading that could be written to, beside its writers', async () => {
    const path = placed('shared', 0o644, 0o755)
    const writer = await Autodidact.open(path)
    const reader = await Autodidact.open(path, { readOnly: true })
    expect([writer.readOnly, reader.readOnly]).toEqual([false, true])
    await writer.record({ run: 'r2', task, response: '43', success: true })
    expect((await reader.recall(task)).items).toHaveLength(2)
    expect(await codeOf(reader.record({ task, success: true }))).toBe('READ_ONLY')
    expect(await codeOf(reader.forget({ run: 'nothing' }))).toBe('READ_ONLY')
    expect(await reader.advise(task)).toMatchObject({ logged: false, warnings: [{ code: 'READ_ONLY' }] })
    const { response, receipt, warnings } = await reader.run({ task }, () => 'answered')
    expect({ response, receipt, codes: warnings.map(({ code }) => code) }).toEqual({ response: 'answered', receipt: undefined, codes: ['READ_ONLY', 'READ_ONLY'] })
    await reader.close()
    expect(await codeOf(reader.record({ task }))).toBe('CLOSED')
    await writer.close()
  })

  test('leaves nothing beside a file that nobody else has open, and takes nothing from who has', async () => {
    const path = placed('tidy', 0o644, 0o755)
    const before = readFileSync(path)
    const first = await Autodidact.open(path, { readOnly: true })
    const second = await Autodidact.open(path, { readOnly: true })
    await first.close()
    expect((await second.recall(task)).items).toHaveLength(1)
    await second.close()
    expect([readdirSync(join(folder, 'tidy')), readFileSync(path).equals(before)]).toEqual([['agent.db'], true])
    const writer = await Autodidact.open(path)
    const { peer } = await Peer.open(path, undefined, { readOnly: true })
    await writer.record({ run: 'r2', task, response: '43', success: true })
    await peer.call('close')
    await peer.end()
    await writer.record({ run: 'r3', task, response: '44', success: true })
    const after = await Autodidact.open(path, { readOnly: true })
    expect((await after.report()).runs).toBe(3)
    await after.close()
    await writer.close()
    expect(readdirSync(join(folder, 'tidy'))).toEqual(['agent.db'])
  })

  test('reads what a killed writer left in its log, and leaves it there', async () => {
    const path = placed('remains', 0o644, 0o755)
    const writer = await Autodidact.open(path)
    await writer.record({ run: 'r2', task, response: '43', success: true })
    const copy = placed('copied', 0o644, 0o755)
    for (const end of ['', '-wal']) copyFileSync(`${path}${end}`, `${copy}${end}`)
    await writer.close()
    const before = ['', '-wal'].map((end) => readFileSync(`${copy}${end}`))
    const reader = await Autodidact.open(copy, { readOnly: true })
    expect((await reader.report()).runs).toBe(2)
    await reader.close()
    expect(['', '-wal'].map((end, place) => before[place]?.equals(readFileSync(`${copy}${end}`)))).toEqual([true, true])
  })

  test('false refuses at once what cannot be written to', async () => {
    const path = placed('strict', 0o444, 0o555)
    const { peer, opened } = await Peer.open(path, nobody, { readOnly: false })
    expect(opened).toMatchObject({ code: 'READ_ONLY', message: expect.stringContaining('the right to write') })
    await peer.end()
  })

  test('makes no file, and reads none of an older version', async () => {
    expect(await codeOf(Autodidact.open(join(folder, 'nowhere.db'), { readOnly: true }))).toBe('CANNOT_OPEN')
    expect(existsSync(join(folder, 'nowhere.db'))).toBe(false)
    expect(await codeOf(Autodidact.open(':memory:', { readOnly: true }))).toBe('INVALID_INPUT')
    const path = placed('older', 0o644, 0o755)
    const database = new DatabaseSync(path)
    database.exec('PRAGMA user_version = 0')
    database.close()
    expect(await codeOf(Autodidact.open(path, { readOnly: true }))).toBe('READ_ONLY')
  })
})
