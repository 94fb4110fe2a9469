import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { Autodidact, type AutodidactSettings } from '../../src/autodidact.ts'
import { itemUsefulness } from '../../src/learn/learners/item-usefulness.ts'
import { optionModel } from '../../src/learn/learners/option-model.ts'
import { Peer } from './support/peer.ts'
import { codeOf, temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
const task = 'Count the orders of last month'
const tools = ['search', 'calendar', 'calculator', 'mail']

let files = 0
const newPath = (): string => join(folder, `agent ${(files += 1)}.db`)

const statements = (path: string, ...texts: readonly string[]): void => {
  const database = new DatabaseSync(path, { timeout: 5_000 })
  for (const text of texts) database.exec(text)
  database.close()
}

describe('when the learning layer fails, the agent goes on', () => {
  /** Ways to break what advise and decide need, after a run was recorded; and the code that says so. */
  const breakdowns: Readonly<Record<string, readonly [(autodidact: Autodidact, path: string) => unknown, string]>> = {
    'a closed instance': [(autodidact) => autodidact.close(), 'CLOSED'],
    'an index that is gone': [(_, path) => statements(path, 'DROP TABLE text_1_words', 'DROP TABLE text_1'), 'CORRUPT'],
    'a log that is gone': [(_, path) => statements(path, 'PRAGMA foreign_keys = OFF', 'ALTER TABLE facts RENAME TO elsewhere'), 'CORRUPT'],
    'facts that cannot be read': [(_, path) => statements(path, "UPDATE facts SET data = '{'"), 'CORRUPT'],
    'facts of a kind that is yet to come': [(_, path) => statements(path, "UPDATE facts SET kind = 'dream.dreamt'"), 'NEWER_VERSION'],
  }

  const broken = async (name: string, settings: AutodidactSettings = {}): Promise<Autodidact> => {
    const path = newPath()
    const autodidact = await Autodidact.open(path, { seed: 3, ...settings })
    await autodidact.record({ task, response: '42', success: true })
    // So much that statements are prepared and caches are warm.
    await autodidact.advise(task, { choices: { tool: tools } })
    await breakdowns[name]?.[0](autodidact, path)
    return autodidact
  }

  test.each(Object.entries(breakdowns))('%s: advise recalls nothing, chooses uniformly and says why', async (name, [, code]) => {
    const autodidact = await broken(name)
    const advice = await autodidact.advise(task, { choices: { tool: tools } })
    expect(advice).toMatchObject({ items: [], prompt: '', logged: false, warnings: [{ code }] })
    expect(advice.decisions['tool']).toMatchObject({ propensity: 0.25, policy: 'uniform', logged: false, warnings: [{ code }] })
    const taken = new Set<string>()
    for (let time = 0; time < 60; time += 1) taken.add((await autodidact.advise(task, { choices: { tool: tools } })).choose['tool'] ?? '')
    expect([...taken].toSorted()).toEqual(tools.toSorted())
    await autodidact.close()
  })

  test.each(Object.entries(breakdowns).filter(([name]) => name !== 'an index that is gone'))('%s: decide chooses uniformly and says why', async (name, [, code]) => {
    const autodidact = await broken(name)
    expect(await autodidact.decide('tool', tools, { task })).toMatchObject({ propensity: 0.25, policy: 'uniform', logged: false, warnings: [{ code }] })
    await autodidact.close()
  })

  test.each(Object.entries(breakdowns))('%s: with onError "throw" it is the error', async (name, [, code]) => {
    const autodidact = await broken(name, { onError: 'throw' })
    expect(await codeOf(autodidact.advise(task, { choices: { tool: tools } }))).toBe(code)
    await autodidact.close()
  })

  test('a decision needs no index', async () => {
    const autodidact = await broken('an index that is gone')
    expect(await autodidact.decide('tool', tools, { task })).toMatchObject({ logged: true, warnings: [] })
    await autodidact.close()
  })
})

describe('record and feedback never claim what did not happen', () => {
  test('a closed instance says so from every verb that writes or reads', async () => {
    const autodidact = await Autodidact.open(newPath())
    const { run } = await autodidact.record({ task, success: true })
    await autodidact.recall(task)
    await autodidact.close()
    await autodidact.close()
    expect(await codeOf(autodidact.record({ task, success: true }))).toBe('CLOSED')
    expect(await codeOf(autodidact.feedback(run, 'up'))).toBe('CLOSED')
    expect(await codeOf(autodidact.recall(task))).toBe('CLOSED')
    expect(await codeOf(autodidact.remember('orders'))).toBe('CLOSED')
    expect(await codeOf(autodidact.forget({ run }))).toBe('CLOSED')
    expect(await codeOf(autodidact.learned(optionModel))).toBe('CLOSED')
  })

  test('closed while calls are under way, each either happened or says CLOSED', async () => {
    const path = newPath()
    const autodidact = await Autodidact.open(path)
    const calls = Array.from({ length: 40 }, (_, number) => codeOf(autodidact.record({ run: `run-${number}`, task, success: true })))
    const decisions = Array.from({ length: 10 }, () => autodidact.decide('tool', tools, { task }))
    const closing = autodidact.close()
    const codes = await Promise.all(calls)
    expect(codes.every((code) => code === undefined || code === 'CLOSED')).toBe(true)
    for (const { logged, warnings } of await Promise.all(decisions)) expect(logged || warnings[0]?.code === 'CLOSED').toBe(true)
    await closing
    const again = await Autodidact.open(path)
    for (const [number, code] of codes.entries()) {
      const { status } = await again.record({ run: `run-${number}`, task, success: true })
      expect(status).toBe(code === undefined ? 'merged' : 'stored')
    }
    await again.close()
  })

  test('without its index a run is refused whole', async () => {
    const path = newPath()
    const autodidact = await Autodidact.open(path)
    await autodidact.record({ run: 'run-1', task, success: true })
    statements(path, 'DROP TABLE text_1_words', 'DROP TABLE text_1')
    expect(await codeOf(autodidact.record({ run: 'run-2', task, success: true }))).toBe('CORRUPT')
    // A verdict touches no text: it is stored, and waits.
    expect(await autodidact.feedback('run-2', 'up')).toMatchObject({ status: 'stored', recorded: false })
    await autodidact.close()
  })
})

describe('another process at the same file', () => {
  test('what it wrote counts at the next call, and what it erased is dropped before the next answer', async () => {
    const path = newPath()
    const here = await Autodidact.open(path, { seed: 3 })
    const { peer } = await Peer.open(path)
    // Here something is learned, so that there is state to be overtaken.
    const first = await here.advise(task, { choices: { tool: tools } })
    await here.record({ advice: first, response: '41', success: false })
    const before = await here.learned(optionModel)
    expect(before).toBeDefined()

    const there = await peer.call('record', { run: 'there', task, response: '42', success: true, user: 'ada' })
    expect(there.result).toMatchObject({ status: 'stored' })
    expect((await here.recall(task)).items.map(({ id }) => id)).toContain('there')

    const advice = await peer.call('advise', task, {})
    expect(advice.result?.items.map(({ id }) => id)).toContain('there')
    await peer.call('record', { advice: advice.result?.id ?? '', response: '42', success: true, user: 'ada' })
    expect((await here.learned(itemUsefulness)).counts('there').up).toBe(0.7)

    const erased = await peer.call('forget', { user: 'ada' })
    expect(erased.result?.facts).toBeGreaterThan(0)
    expect((await here.learned(itemUsefulness)).counts('there')).toEqual({ up: 0, down: 0 })
    const items = (await here.recall(task)).items
    expect(items.map(({ id }) => id)).toEqual([first.run])
    expect(await codeOf(here.feedback('there', 'up'))).toBe('FORGOTTEN')
    expect((await here.advise(task, { run: 'there' })).warnings).toMatchObject([{ code: 'FORGOTTEN' }])
    await peer.end()
    await here.close()
  })

  test('options that it erased are stored again with the next decision', async () => {
    const path = newPath()
    const here = await Autodidact.open(path)
    const { run } = await here.decide('tool', tools, { task })
    const { peer } = await Peer.open(path)
    expect((await peer.call('forget', { run })).result?.facts).toBe(1)
    await peer.end()
    expect((await here.decide('tool', tools, { task })).logged).toBe(true)
    await here.close()
    const database = new DatabaseSync(path)
    expect(database.prepare('SELECT options FROM option_sets').all().map(({ options }) => JSON.parse(String(options)) as unknown)).toEqual([tools.map((id) => ({ id }))])
    database.close()
  })

  test('that still reads makes an erasure pending; asked again when it is done, the erasure is proven', async () => {
    const path = newPath()
    const here = await Autodidact.open(path)
    await here.record({ run: 'r', task, user: 'ada', success: true })
    const reader = new DatabaseSync(path, { readOnly: true })
    reader.exec('BEGIN')
    expect(reader.prepare('SELECT count(*) AS facts FROM facts').get()?.['facts']).toBe(1)
    expect(await here.forget({ user: 'ada' })).toMatchObject({ facts: 1, status: 'pending', reason: expect.stringMatching(/^Another connection still reads the old text\. .*pieces of the erased texts/) })
    expect((await here.recall(task)).items).toEqual([])
    reader.close()
    expect(await here.forget({ user: 'ada' })).toMatchObject({ facts: 0, status: 'proven', scan: { found: 0 } })
    await here.close()
  })

  test('that is stopped in the middle of a long transaction is waited for', async () => {
    const path = newPath()
    const here = await Autodidact.open(path)
    const holder = new DatabaseSync(path)
    holder.exec('BEGIN IMMEDIATE')
    const recorded = here.record({ task, success: true })
    const advised = here.advise(task)
    await new Promise((resolve) => setTimeout(resolve, 50))
    holder.exec('ROLLBACK')
    holder.close()
    expect(await recorded).toMatchObject({ status: 'stored' })
    expect(await advised).toMatchObject({ logged: true })
    await here.close()
  })
})
