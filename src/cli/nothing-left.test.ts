import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { autodidactHere } from '../../test/support/command-line.ts'
import { Autodidact } from '../autodidact.ts'
import { storeAt } from '../storage/stores.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'autodidact-nothing-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const run = (...given: string[]) => autodidactHere(given, { cwd: folder })

test.each([
  [['advise', '']],
  [['record', 'x', '--score', '3']],
  [['decide', 'tool', 'a', 'a']],
  [['knowledge', 'add', '[CORE|1] x']],
  [['remember', '']],
  [['share', '']],
  [['preferences', 'set', 'ada', '']],
  [['experiment', 'start']],
  [['experiment', 'start', 'mode', '--arm', 'a=foo', '--arm', 'b=off']],
  [['knowledge', 'import', 'nofile.md']],
  [['import', 'nofile.jsonl']],
])('what is refused, such as %j, leaves no file behind', async (given) => {
  expect((await run(...given)).code).not.toBe(0)
  expect(readdirSync(folder)).toEqual([])
  expect((await run(...given, '-f', 'agent/')).code).not.toBe(0)
  expect(readdirSync(folder)).toEqual([])
})

test('a file that was there before stays, also when nothing was ever written in it', async () => {
  await (await Autodidact.open(join(folder, 'agent.db'))).close()
  expect((await run('advise', '', '-f', 'agent.db')).code).toBe(2)
  expect(readdirSync(folder)).toEqual(['agent.db'])
})

test('what was written stays', async () => {
  expect((await run('advise', 'Refund order 1187', '-f', 'agent.db')).code).toBe(0)
  expect((await run('remember', 'Refund late orders at once.', '-f', 'agent/')).code).toBe(0)
  expect(readdirSync(folder).sort()).toEqual(['agent', 'agent.db'])
})

describe.each(['agent.db', 'agent/'])('a store at %s is not removed', (name) => {
  test('while somebody else has it open, who can go on writing', async () => {
    const path = join(folder, name)
    const other = await Autodidact.open(path)
    await storeAt(path).removeUnused(path)
    expect(existsSync(path)).toBe(true)
    const { run: written } = await other.record({ task: 'Refund order 1187', response: 'done', success: true })
    await other.close()
    const again = await Autodidact.open(path)
    expect((await again.recall('Refund order 1187')).items.map(({ id }) => id)).toEqual([written])
    await again.close()
  })

  test('once everything in it was forgotten', async () => {
    const path = join(folder, name)
    const autodidact = await Autodidact.open(path)
    await autodidact.remember({ id: 'late', content: 'Refund late orders at once.' })
    await autodidact.forget({ facts: ['late'] })
    await autodidact.close()
    await storeAt(path).removeUnused(path)
    expect(existsSync(path)).toBe(true)
  })

  test('while an agent follows it', async () => {
    const path = join(folder, name)
    const autodidact = await Autodidact.open(path)
    await autodidact.channels.subscribe('coder')
    await autodidact.close()
    const known = existsSync(path)
    await storeAt(path).removeUnused(path)
    expect([known, existsSync(path)]).toEqual([true, true])
  })
})

test('a file of another program is not removed', async () => {
  const path = join(folder, 'notes.db')
  writeFileSync(path, '')
  await storeAt(path).removeUnused(path)
  expect(readdirSync(folder)).toEqual(['notes.db'])
})

test('a database of another program is not removed, whatever its tables are called', async () => {
  const path = join(folder, 'notes.db')
  const database = new DatabaseSync(path)
  database.exec('CREATE TABLE namespaces (name TEXT)')
  database.close()
  await storeAt(path).removeUnused(path)
  expect(readdirSync(folder)).toEqual(['notes.db'])
})

test('a folder of another program is not removed, nor one in which somebody put something', async () => {
  const [other, own] = [join(folder, 'other/'), join(folder, 'own/')]
  mkdirSync(other)
  writeFileSync(join(other, 'notes.txt'), 'to do')
  await (await Autodidact.open(own)).close()
  writeFileSync(join(own, 'notes.txt'), 'to do')
  for (const path of [other, own]) await storeAt(path).removeUnused(path)
  expect([readdirSync(other), readdirSync(own).includes('notes.txt')]).toEqual([['notes.txt'], true])
})

test('who writes into memory is told that it is not kept; who only tries is not', async () => {
  const { code, stderr } = await run('record', 'Refund order 1187', '--success', '-f', ':memory:', '--json')
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^Warning: ":memory:" ends with this command.*--file/)])
  writeFileSync(join(folder, 'rules.md'), '[CORE_RULE|0.9] Be concise.\n')
  const tried = await run('knowledge', 'import', 'rules.md', '--dry-run', '-f', 'none.db')
  expect([tried.code, tried.stderr]).toEqual([0, ''])
  expect(readdirSync(folder)).toEqual(['rules.md'])
})
