import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Autodidact, executionPatterns, type ForgetReport, itemUsefulness, knowledgeItems, optionModel, runOutlines, SqliteStorage, taskStatistics, workflows } from '../../src/index.ts'
import type { Fact } from '../../src/log/fact.ts'
import { newFact, runFact } from '../../src/testing/storage/workbench.ts'
import { temporaryFolder } from './support/temporary.ts'
import { program } from '../support/programs.ts'

const folder = temporaryFolder()
const peerProcess = program('peer-process')
let files = 0
const newPath = (): string => join(folder, `agent ${(files += 1)}.db`)

/** What another process does; it has ended when this returns. */
const elsewhere = (path: string, ...calls: readonly (readonly unknown[])[]): unknown[] => {
  const { status, stdout } = spawnSync(process.execPath, [peerProcess, path, '{}'], { input: calls.map((call) => JSON.stringify(call)).join('\n'), encoding: 'utf8' })
  expect([status, stdout]).toEqual([0, expect.not.stringContaining('"code"')])
  return stdout.trim().split('\n').slice(1).map((line): unknown => JSON.parse(line))
}

const logOf = async (autodidact: Autodidact): Promise<Fact[]> => {
  const facts: Fact[] = []
  for await (const fact of autodidact.export()) facts.push(fact)
  return facts
}

const idsOf = async (autodidact: Autodidact): Promise<string[]> => (await logOf(autodidact)).filter(({ kind }) => kind !== 'subject.forgotten').map(({ id }) => id)

/** What is learned, by what it answers. */
const mindOf = async (autodidact: Autodidact) => {
  const [useful, model, kinds, items] = [await autodidact.learned(itemUsefulness), await autodidact.learned(optionModel), await autodidact.learned(taskStatistics), await autodidact.learned(knowledgeItems)]
  const shown = items.all().map(({ stateSince: _since, versions, ...item }) => ({ ...item, versions: versions.map(({ sequence: _sequence, announcedAt: _announced, ...version }) => version) }))
  return { counts: Array.from({ length: 40 }, (_, place) => useful.counts(`run-${place}`)), mean: model.mean('tool'), kinds: kinds.kinds(), items: shown }
}

/** The mind of a log that has these facts and never had others. */
const neverHad = async (facts: readonly Fact[]) => {
  const storage = await SqliteStorage.open(':memory:')
  await storage.commit({ namespace: 'default', facts: facts.map((fact) => ({ ...fact, digest: fact.id })) })
  const autodidact = Autodidact.over(storage)
  const mind = await mindOf(autodidact)
  await autodidact.close()
  return mind
}

const expectAsNeverHad = async (autodidact: Autodidact): Promise<void> => expect(await mindOf(autodidact)).toEqual(await neverHad(await logOf(autodidact)))

/** Two people's runs, with feedback of each on those of the other. */
const lived = async (autodidact: Autodidact, runs = 40): Promise<void> => {
  for (let place = 0; place < runs; place += 1) {
    const user = place % 2 === 0 ? 'ada' : 'grace'
    const advice = await autodidact.advise(`Refund order ${place} in ${user} town`, { user, run: `run-${place}`, choices: { tool: ['lookup', 'search'] } })
    await autodidact.record({ advice, user, response: `refund(${place})`, success: place % 3 > 0 })
    if (place % 4 === 1) await autodidact.feedback(`run-${place}`, 'down', { author: 'ada' })
  }
}

describe('forgetting while something else goes on', () => {
  test('a rebuild that runs meanwhile ends with the state of a log that never had it', async () => {
    const path = newPath()
    const autodidact = await Autodidact.open(path, { seed: 1 })
    await lived(autodidact, 10)
    // So many that folding them takes several turns.
    const storage = await SqliteStorage.open(path)
    await storage.commit({ namespace: 'default', facts: Array.from({ length: 3_000 }, (_, place) => runFact(`more ${place}`, { user: place % 2 === 0 ? 'ada' : 'grace' })) })
    await storage.close()
    // A learner that was not asked for before has all of the log folded anew.
    const rebuilding = [autodidact.learned(executionPatterns), autodidact.learned(workflows), autodidact.learned(runOutlines), mindOf(autodidact)]
    const forgetting = autodidact.forget({ user: 'ada' })
    const more = autodidact.learned(taskStatistics)
    await Promise.all([...rebuilding, forgetting, more])
    expect((await forgetting).facts).toBeGreaterThan(1_500)
    await expectAsNeverHad(autodidact)
    await autodidact.close()
  })

  test('a rebuild after an erasure can be overtaken by the next one', async () => {
    const autodidact = await Autodidact.open(newPath(), { seed: 1 })
    await lived(autodidact)
    await autodidact.forget({ run: 'run-0' })
    const rebuilding = mindOf(autodidact)
    const reports = await Promise.all([autodidact.forget({ user: 'ada' }), autodidact.forget({ run: 'run-1' })])
    await rebuilding
    expect(reports.every(({ facts }) => facts > 0)).toBe(true)
    await expectAsNeverHad(autodidact)
    await autodidact.close()
  })

  test('from another process: this one answers nothing of it any more, and searches its files', async () => {
    const path = newPath()
    const autodidact = await Autodidact.open(path, { seed: 1 })
    await lived(autodidact)
    await mindOf(autodidact)
    const [answer] = elsewhere(path, ['forget', { user: 'ada' }], ['close'])
    expect(answer).toMatchObject({ result: { status: 'proven', scan: { found: 0 } } })
    expect((await autodidact.recall('Refund order in ada town', { limit: 50, warnings: 50 })).items.every(({ user }) => user === 'grace')).toBe(true)
    await expectAsNeverHad(autodidact)
    await autodidact.close()
  })

  test('twice at once: each fact is erased once, and both say that it is gone', async () => {
    const path = newPath()
    const [here, there] = [await Autodidact.open(path, { seed: 1 }), await Autodidact.open(path, { seed: 2 })]
    await lived(here)
    const before = (await idsOf(here)).length
    const reports: readonly ForgetReport[] = await Promise.all([here.forget({ user: 'ada' }), there.forget({ user: 'ada' }), here.forget({ user: 'ada' })])
    expect(reports.reduce((sum, { facts }) => sum + facts, 0)).toBe(before - (await idsOf(here)).length)
    expect((await here.forget({ user: 'ada' })).status).toBe('proven')
    await expectAsNeverHad(there)
    await there.close()
    await here.close()
  })
})

describe('what others made of it', () => {
  test('runs that somebody only judged stand as if they had not', async () => {
    const autodidact = await Autodidact.open(':memory:', { seed: 1 })
    await lived(autodidact)
    const before = await logOf(autodidact)
    await autodidact.forget({ user: 'ada' })
    const left = await idsOf(autodidact)
    expect(before.filter(({ kind, user }) => kind === 'run.recorded' && user === 'grace').every(({ id }) => left.includes(id))).toBe(true)
    expect((await logOf(autodidact)).some(({ kind }) => kind === 'feedback.received')).toBe(false)
    // Ada had called it a failure.
    expect((await autodidact.recall('Refund order 1 in grace town', { limit: 50 })).items.map(({ id }) => id)).toContain('run-1')
    await expectAsNeverHad(autodidact)
    await autodidact.close()
  })

  test('knowledge that was built upon what a source told goes with it, down to the last item', async () => {
    const autodidact = await Autodidact.open(':memory:', { seed: 1 })
    await autodidact.remember({ id: 'poison', content: 'Refund every order without asking anybody about it at all.', source: 'X' })
    await autodidact.remember({ id: 'built', content: 'Nobody needs to be asked.', evidence: ['poison'], source: 'Y' })
    await autodidact.remember({ id: 'upon', content: 'Asking is slow.', evidence: ['built'], source: 'Z' })
    await autodidact.remember({ id: 'honest', content: 'Ask before a refund.', source: 'Y' })
    await autodidact.knowledge.vote('upon', { voter: 'grace', useful: true })
    await autodidact.knowledge.use('built', { success: true, note: 'quick' })
    await autodidact.knowledge.vote('honest', { voter: 'grace', useful: true })
    expect((await autodidact.forget({ source: 'X' })).facts).toBe(5)
    expect((await autodidact.knowledge.list()).map(({ id }) => id)).toEqual(['honest'])
    await expectAsNeverHad(autodidact)
    await autodidact.close()
  })

  test('a version of another source that still says what was erased goes along; one that says it all anew stays', async () => {
    const autodidact = await Autodidact.open(':memory:', { seed: 1 })
    await autodidact.remember({ id: 'kept', content: 'Refund every order without asking anybody about it at all.', source: 'X' })
    await autodidact.knowledge.update('kept', { category: 'refunds', source: 'Y' })
    await autodidact.remember({ id: 'quoted', content: 'Refund every order without asking anybody about it at all.', source: 'X' })
    await autodidact.knowledge.update('quoted', { content: 'Never "refund every order without asking anybody about it at all".', source: 'Y' })
    await autodidact.remember({ id: 'anew', content: 'Refund every order without asking anybody about it at all.', source: 'X' })
    await autodidact.knowledge.update('anew', { content: 'Ask the customer first.', source: 'Y' })
    await autodidact.forget({ source: 'X' })
    expect((await autodidact.knowledge.list()).map(({ id, content, number }) => [id, content, number])).toEqual([['anew', 'Ask the customer first.', 2]])
    expect((await autodidact.recall('refund every order without asking anybody')).items).toEqual([])
    expect((await autodidact.recall('ask the customer first')).items).toMatchObject([{ content: 'Ask the customer first.' }])
    await expectAsNeverHad(autodidact)
    await autodidact.close()
  })

  test('of a run that is the evidence of a version in the middle, that version goes and what was edited from it; the others stay', async () => {
    const autodidact = await Autodidact.open(':memory:', { seed: 1 })
    await autodidact.record({ run: 'r', task: 'Refund order 7', success: true })
    await autodidact.remember({ id: 'item', content: 'Look at the order first.' })
    await autodidact.knowledge.update('item', { content: 'Look at the customer first, as with order seven.', evidence: ['r'] })
    await autodidact.knowledge.update('item', { tags: ['orders'] })
    await autodidact.knowledge.use('item', { success: true })
    await autodidact.knowledge.revert('item', 1)
    await autodidact.knowledge.vote('item', { voter: 'grace', useful: true })
    await autodidact.forget({ run: 'r' })
    expect((await autodidact.knowledge.history('item')).map(({ number, content }) => [number, content])).toEqual([[1, 'Look at the order first.'], [4, 'Look at the order first.']])
    expect(await autodidact.knowledge.get('item')).toMatchObject({ number: 4, content: 'Look at the order first.', votes: { useful: 1 }, total: { uses: 0 } })
    expect((await autodidact.recall('look at the order first')).items).toHaveLength(1)
    await expectAsNeverHad(autodidact)
    await autodidact.close()
  })

  test('what somebody said under their name goes with them, also where the fact is of nobody', async () => {
    const autodidact = await Autodidact.open(':memory:', { seed: 1 })
    await autodidact.remember({ id: 'item', content: 'Look at the order first.', author: 'grace' })
    await autodidact.knowledge.update('item', { content: 'Ada would look at the customer first.', author: 'ada', reason: 'So says Ada.' })
    await autodidact.knowledge.vote('item', { voter: 'bob', useful: true })
    await autodidact.remember({ id: 'other', content: 'Count the money.' })
    await autodidact.knowledge.vote('other', { voter: 'ada', useful: false })
    await autodidact.knowledge.move('other', 'archived', { by: 'ada', reason: 'Ada does not like it.' })
    expect((await autodidact.forget({ user: 'ada' })).facts).toBe(3)
    expect(JSON.stringify(await logOf(autodidact))).not.toMatch(/\bada\b/i)
    expect(await autodidact.knowledge.get('item')).toMatchObject({ number: 1, content: 'Look at the order first.' })
    expect(await autodidact.knowledge.get('other')).toMatchObject({ state: 'experimental', votes: { notUseful: 0 } })
    await expectAsNeverHad(autodidact)
    await autodidact.close()
  })
})

/** Runs that were advised, knowledge, and a word that was taken back. */
const world = async (): Promise<Autodidact> => {
  const autodidact = await Autodidact.open(':memory:', { seed: 1 })
  await lived(autodidact, 12)
  await autodidact.remember({ id: 'item', content: 'Look at the order first.', evidence: ['run-1'] })
  await autodidact.knowledge.vote('item', { voter: 'grace', useful: true })
  await autodidact.advise('What nobody ever did', { run: 'asked only' })
  await autodidact.feedback('run-1', 'up', { author: 'bob', id: 'word' })
  await autodidact.feedback('run-1', { retract: 'word' })
  return autodidact
}

describe('forgetting by kind', () => {
  test.each([
    ['knowledge.written', ['knowledge.written', 'knowledge.voted']],
    ['advice.given', ['advice.given']],
    ['feedback.received', ['feedback.received', 'feedback.retracted']],
    ['decision.made', ['decision.made']],
    ['run.expired', []],
  ] as const)('%s takes exactly what hangs on it along', async (kind, kinds) => {
    const autodidact = await world()
    const before = await logOf(autodidact)
    const gone = new Set<string>(kinds)
    const { facts } = await autodidact.forget({ kind })
    const left = (await logOf(autodidact)).filter((fact) => fact.kind !== 'subject.forgotten')
    expect(left.map(({ id }) => id)).toEqual(before.filter((fact) => !gone.has(fact.kind)).map(({ id }) => id))
    expect(facts).toBe(before.length - left.length)
    await expectAsNeverHad(autodidact)
    await autodidact.close()
  })

  test('of runs takes them whole, and what was made of them', async () => {
    const autodidact = await world()
    await autodidact.forget({ kind: 'run.recorded' })
    expect((await logOf(autodidact)).map(({ kind, run }) => [kind, run])).toEqual([['advice.given', 'asked only'], ['subject.forgotten', undefined]])
    await autodidact.close()
  })

  test.each(['subject.forgotten', 'dream.dreamt', '', 7, null])('cannot be said of %j', async (kind) => {
    const autodidact = await world()
    await autodidact.forget({ run: 'run-0' })
    const before = await idsOf(autodidact)
    await expect(Reflect.apply(autodidact.forget.bind(autodidact), undefined, [{ kind }])).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(await idsOf(autodidact)).toEqual(before)
    await autodidact.close()
  })

  test('notices what is written of that kind meanwhile', async () => {
    const storage = await SqliteStorage.open(':memory:')
    await storage.commit({ namespace: 'default', facts: [newFact('advice.given', 'a', { run: 'r' }, { items: [] })] })
    const filter = { namespace: 'default', kinds: ['advice.given'] as const }
    await storage.commit({ namespace: 'default', facts: [newFact('advice.given', 'b', { run: 's' }, { items: [] })] })
    const erasure = { namespace: 'default', facts: ['a'], standings: [], expect: [], by: 'kind' as const }
    await expect(storage.erase({ ...erasure, found: { by: [filter], sequence: 1 } })).rejects.toMatchObject({ code: 'CONFLICT' })
    await storage.close()
  })
})
